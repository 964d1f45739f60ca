import * as kinds from '../core';
import { layerOf } from '../factory';

/**
 * A fully connected layer: x · kernel + bias, then an activation. [batch, …, n] becomes [batch, …, units].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `units` is missing; and by `apply`, when the input has fewer than two
 *   axes, or another last one than the weights
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.dense({ units: 3 }).apply(dl.ones([2, 4])).shape)); // [2, 3]
 * ```
 */
export const dense = layerOf(kinds.Dense);

/**
 * Applies an activation to every element. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `activation` is missing, or not the name of an activation
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.activation({ activation: 'relu' }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const activation = layerOf(kinds.Activation);

/**
 * max(x, 0), at most `maxValue`. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.reLU({ maxValue: 6 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const reLU = layerOf(kinds.ReLU);

/**
 * x where it is positive, `alpha` · x elsewhere. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.leakyReLU({ alpha: 0.1 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const leakyReLU = layerOf(kinds.LeakyReLU);

/**
 * x where it is positive, α · x elsewhere, with an α that is learned for each element. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.prelu().apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const prelu = layerOf(kinds.PReLU);

/**
 * x where it is positive, `alpha` · (eˣ − 1) elsewhere. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.elu().apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const elu = layerOf(kinds.ELU);

/**
 * x where it is greater than `theta`, 0 elsewhere. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.thresholdedReLU({ theta: 0.5 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const thresholdedReLU = layerOf(kinds.ThresholdedReLU);

/**
 * Softmax along `axis`, the last one when left out. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `axis` is not one axis of the input
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.softmax().apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const softmax = layerOf(kinds.Softmax);

/**
 * In training, sets the share `rate` of the elements to 0 and scales the others by 1 / (1 − rate). The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `rate` is missing, or not in [0, 1)
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.dropout({ rate: 0.2 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const dropout = layerOf(kinds.Dropout);

/**
 * Dropout of whole channels of sequences [batch, steps, channels].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `rate` is missing, or not in [0, 1); and by `apply`, when the input is
 *   not [batch, steps, channels]
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.spatialDropout1d({ rate: 0.2 }).apply(dl.ones([2, 5, 4])).shape)); // [2, 5, 4]
 * ```
 */
export const spatialDropout1d = layerOf(kinds.SpatialDropout1D);

/**
 * Dropout of whole channels of images [batch, height, width, channels].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `rate` is missing, or not in [0, 1); and by `apply`, when the input
 *   has another rank than 4, with the batch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.spatialDropout2d({ rate: 0.2 }).apply(dl.ones([2, 5, 5, 4])).shape)); // [2, 5, 5, 4]
 * ```
 */
export const spatialDropout2d = layerOf(kinds.SpatialDropout2D);

/**
 * In training, adds normal noise with the standard deviation `stddev`. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `stddev` is missing
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.gaussianNoise({ stddev: 0.1 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const gaussianNoise = layerOf(kinds.GaussianNoise);

/**
 * In training, multiplies by normal numbers with mean 1 and variance rate / (1 − rate). The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `rate` is missing, or not in [0, 1)
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.gaussianDropout({ rate: 0.2 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const gaussianDropout = layerOf(kinds.GaussianDropout);

/**
 * Makes one axis of all but the first: [batch, …] becomes [batch, n].
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.flatten().apply(dl.ones([2, 3, 4])).shape)); // [2, 12]
 * ```
 */
export const flatten = layerOf(kinds.Flatten);

/**
 * Gives each example the shape `targetShape`; one extent may be −1.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `targetShape` is missing, or has more than one −1; and by `apply`,
 *   when an example has another number of elements
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.reshape({ targetShape: [2, -1] }).apply(dl.ones([2, 6])).shape)); // [2, 2, 3]
 * ```
 */
export const reshape = layerOf(kinds.Reshape);

/**
 * Reorders the axes of each example: `dims` counts them from 1.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `dims` is missing; and by `apply`, when it does not name each axis of
 *   an example once
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.permute({ dims: [2, 1] }).apply(dl.ones([2, 3, 4])).shape)); // [2, 4, 3]
 * ```
 */
export const permute = layerOf(kinds.Permute);

/**
 * Repeats each vector `n` times: [batch, features] becomes [batch, n, features].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `n` is missing; and by `apply`, when the input is not [batch,
 *   features]
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.repeatVector({ n: 3 }).apply(dl.ones([2, 4])).shape)); // [2, 3, 4]
 * ```
 */
export const repeatVector = layerOf(kinds.RepeatVector);

/**
 * Marks steps of sequences [batch, steps, features] whose features all equal `maskValue`, so that layers behind it leave them out.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.masking({ maskValue: 0 }).apply(dl.ones([2, 3, 4])).shape)); // [2, 3, 4]
 * ```
 */
export const masking = layerOf(kinds.Masking);

/**
 * Replaces whole numbers from 0 to `inputDim` − 1 by vectors that are learned: [batch, steps] becomes [batch, steps, outputDim].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `inputDim` or `outputDim` is missing
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.embedding({ inputDim: 10, outputDim: 4 }).apply(dl.ones([2, 3])).shape)); // [2, 3, 4]
 * ```
 */
export const embedding = layerOf(kinds.Embedding);
