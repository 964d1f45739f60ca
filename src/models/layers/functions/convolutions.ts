import * as kinds from '../convolutions';
import { layerOf } from '../factory';

/**
 * A convolution over the steps of sequences: [batch, steps, channels] becomes [batch, newSteps, filters].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `filters` or `kernelSize` is missing; and by `apply`, when the input
 *   is not [batch, steps, channels], or shorter than the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.conv1d({ filters: 6, kernelSize: 3 }).apply(dl.ones([2, 8, 4])).shape)); // [2, 6, 6]
 * ```
 */
export const conv1d = layerOf(kinds.Conv1D);

/**
 * A convolution over images: [batch, height, width, channels] becomes [batch, newHeight, newWidth, filters].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `filters` or `kernelSize` is missing; and by `apply`, when the input
 *   has another rank than 4, or is smaller than the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.conv2d({ filters: 6, kernelSize: 3 }).apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 6, 6, 6]
 * ```
 */
export const conv2d = layerOf(kinds.Conv2D);

/**
 * The transpose of a convolution, which makes images larger: [batch, height, width, channels] becomes [batch, newHeight, newWidth, filters].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `filters` or `kernelSize` is missing; and by `apply`, when the input
 *   has another rank than 4
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.conv2dTranspose({ filters: 6, kernelSize: 3, strides: 2, padding: 'same' }).apply(dl.ones([2, 4, 4, 3])).shape)); // [2, 8, 8, 6]
 * ```
 */
export const conv2dTranspose = layerOf(kinds.Conv2DTranspose);

/**
 * A convolution of each channel by itself, with `depthMultiplier` results each.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `kernelSize` is missing; and by `apply`, when the input has another
 *   rank than 4, or is smaller than the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.depthwiseConv2d({ kernelSize: 3 }).apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 6, 6, 3]
 * ```
 */
export const depthwiseConv2d = layerOf(kinds.DepthwiseConv2D);

/**
 * A depthwise convolution, and a 1 × 1 convolution of its channels behind it.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `filters` or `kernelSize` is missing; and by `apply`, when the input
 *   has another rank than 4, or is smaller than the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.separableConv2d({ filters: 6, kernelSize: 3 }).apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 6, 6, 6]
 * ```
 */
export const separableConv2d = layerOf(kinds.SeparableConv2D);
