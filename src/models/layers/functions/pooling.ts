import * as kinds from '../pooling';
import { layerOf } from '../factory';

/**
 * The greatest of each `poolSize` steps, 2 when left out: [batch, steps, channels] becomes [batch, newSteps, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input is not [batch, steps, channels], or shorter
 *   than the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.maxPooling1d().apply(dl.ones([2, 8, 3])).shape)); // [2, 4, 3]
 * ```
 */
export const maxPooling1d = layerOf(kinds.MaxPooling1D);

/**
 * The greatest of each window of images, 2 × 2 when left out.
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input has another rank than 4, or is smaller than
 *   the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.maxPooling2d().apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 4, 4, 3]
 * ```
 */
export const maxPooling2d = layerOf(kinds.MaxPooling2D);

/**
 * The mean of each `poolSize` steps, 2 when left out: [batch, steps, channels] becomes [batch, newSteps, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input is not [batch, steps, channels], or shorter
 *   than the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.averagePooling1d().apply(dl.ones([2, 8, 3])).shape)); // [2, 4, 3]
 * ```
 */
export const averagePooling1d = layerOf(kinds.AveragePooling1D);

/**
 * The mean of each window of images, 2 × 2 when left out.
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input has another rank than 4, or is smaller than
 *   the window
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.averagePooling2d().apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 4, 4, 3]
 * ```
 */
export const averagePooling2d = layerOf(kinds.AveragePooling2D);

/**
 * The greatest of all steps: [batch, steps, channels] becomes [batch, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input is not [batch, steps, channels]
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.globalMaxPooling1d().apply(dl.ones([2, 8, 3])).shape)); // [2, 3]
 * ```
 */
export const globalMaxPooling1d = layerOf(kinds.GlobalMaxPooling1D);

/**
 * The greatest of each channel: [batch, height, width, channels] becomes [batch, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input has another rank than 4, with the batch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.globalMaxPooling2d().apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 3]
 * ```
 */
export const globalMaxPooling2d = layerOf(kinds.GlobalMaxPooling2D);

/**
 * The mean over all steps: [batch, steps, channels] becomes [batch, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input is not [batch, steps, channels]
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.globalAveragePooling1d().apply(dl.ones([2, 8, 3])).shape)); // [2, 3]
 * ```
 */
export const globalAveragePooling1d = layerOf(kinds.GlobalAveragePooling1D);

/**
 * The mean of each channel: [batch, height, width, channels] becomes [batch, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input has another rank than 4, with the batch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.globalAveragePooling2d().apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 3]
 * ```
 */
export const globalAveragePooling2d = layerOf(kinds.GlobalAveragePooling2D);
