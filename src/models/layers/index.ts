/** The layers, as programs make them. Names and defaults are those of Keras. */
import { MultiHeadAttention } from './attention';
import * as convolutions from './convolutions';
import * as core from './core';
import { layerOf } from './factory';
import * as images from './images';
import * as merging from './merging';
import * as normalizing from './normalization';
import * as pooling from './pooling';
import * as recurrent from './recurrent';
import * as wrappers from './wrappers';

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
export const dense = layerOf(core.Dense);
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
export const activation = layerOf(core.Activation);
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
export const reLU = layerOf(core.ReLU);
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
export const leakyReLU = layerOf(core.LeakyReLU);
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
export const prelu = layerOf(core.PReLU);
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
export const elu = layerOf(core.ELU);
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
export const thresholdedReLU = layerOf(core.ThresholdedReLU);
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
export const softmax = layerOf(core.Softmax);
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
export const dropout = layerOf(core.Dropout);
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
export const spatialDropout1d = layerOf(core.SpatialDropout1D);
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
export const spatialDropout2d = layerOf(core.SpatialDropout2D);
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
export const gaussianNoise = layerOf(core.GaussianNoise);
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
export const gaussianDropout = layerOf(core.GaussianDropout);
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
export const flatten = layerOf(core.Flatten);
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
export const reshape = layerOf(core.Reshape);
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
export const permute = layerOf(core.Permute);
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
export const repeatVector = layerOf(core.RepeatVector);
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
export const masking = layerOf(core.Masking);
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
export const embedding = layerOf(core.Embedding);

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
export const conv1d = layerOf(convolutions.Conv1D);
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
export const conv2d = layerOf(convolutions.Conv2D);
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
export const conv2dTranspose = layerOf(convolutions.Conv2DTranspose);
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
export const depthwiseConv2d = layerOf(convolutions.DepthwiseConv2D);
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
export const separableConv2d = layerOf(convolutions.SeparableConv2D);

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
export const maxPooling1d = layerOf(pooling.MaxPooling1D);
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
export const maxPooling2d = layerOf(pooling.MaxPooling2D);
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
export const averagePooling1d = layerOf(pooling.AveragePooling1D);
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
export const averagePooling2d = layerOf(pooling.AveragePooling2D);
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
export const globalMaxPooling1d = layerOf(pooling.GlobalMaxPooling1D);
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
export const globalMaxPooling2d = layerOf(pooling.GlobalMaxPooling2D);
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
export const globalAveragePooling1d = layerOf(pooling.GlobalAveragePooling1D);
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
export const globalAveragePooling2d = layerOf(pooling.GlobalAveragePooling2D);

/**
 * Normalizes each channel by its mean and variance: those of the batch in training, moving ones otherwise (Ioffe & Szegedy 2015). The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.batchNormalization().apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const batchNormalization = layerOf(normalizing.BatchNormalization);
/**
 * Normalizes each example by its own mean and variance along `axis` (Ba, Kiros & Hinton 2016). The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.layerNormalization().apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const layerNormalization = layerOf(normalizing.LayerNormalization);
/**
 * Normalizes by a mean and a variance that are given, or come with the weights. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.normalization({ mean: 1, variance: 4 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const normalization = layerOf(normalizing.Normalization);

/**
 * Joins its inputs along `axis`, the last one when left out.
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when there is one input, or the inputs differ along another
 *   axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.concatenate().apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 8]
 * ```
 */
export const concatenate = layerOf(merging.Concatenate);
/**
 * The sum of its inputs, element by element.
 *
 * @throws by `apply`, when there is one input, or their shapes do not fit each other
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.add().apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 4]
 * ```
 */
export const add = layerOf(merging.Add);
/**
 * The first input less the second.
 *
 * @throws by `apply`, when there are not two inputs, or their shapes do not fit each other
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.subtract().apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 4]
 * ```
 */
export const subtract = layerOf(merging.Subtract);
/**
 * The product of its inputs, element by element.
 *
 * @throws by `apply`, when there is one input, or their shapes do not fit each other
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.multiply().apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 4]
 * ```
 */
export const multiply = layerOf(merging.Multiply);
/**
 * The mean of its inputs, element by element.
 *
 * @throws by `apply`, when there is one input, or their shapes do not fit each other
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.average().apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 4]
 * ```
 */
export const average = layerOf(merging.Average);
/**
 * The greatest of its inputs, element by element.
 *
 * @throws by `apply`, when there is one input, or their shapes do not fit each other
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.maximum().apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 4]
 * ```
 */
export const maximum = layerOf(merging.Maximum);
/**
 * The least of its inputs, element by element.
 *
 * @throws by `apply`, when there is one input, or their shapes do not fit each other
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.minimum().apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 4]
 * ```
 */
export const minimum = layerOf(merging.Minimum);
/**
 * The products of its two inputs, summed along `axes`.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `axes` is missing; and by `apply`, unless there are two inputs with
 *   those axes, behind the batch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.dot({ axes: 1 }).apply([dl.ones([2, 4]), dl.ones([2, 4])]).shape)); // [2, 1]
 * ```
 */
export const dot = layerOf(merging.Dot);

/**
 * Adds zeros before and behind the steps of sequences [batch, steps, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input is not [batch, steps, channels]
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.zeroPadding1d({ padding: 2 }).apply(dl.ones([2, 5, 3])).shape)); // [2, 9, 3]
 * ```
 */
export const zeroPadding1d = layerOf(images.ZeroPadding1D);
/**
 * Adds zeros around images [batch, height, width, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input has another rank than 4, with the batch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.zeroPadding2d({ padding: 1 }).apply(dl.ones([2, 5, 5, 3])).shape)); // [2, 7, 7, 3]
 * ```
 */
export const zeroPadding2d = layerOf(images.ZeroPadding2D);
/**
 * Cuts off steps at both ends of sequences [batch, steps, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input is not [batch, steps, channels], or nothing
 *   would be left of it
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.cropping1d({ cropping: 1 }).apply(dl.ones([2, 5, 3])).shape)); // [2, 3, 3]
 * ```
 */
export const cropping1d = layerOf(images.Cropping1D);
/**
 * Cuts off rows and columns of images [batch, height, width, channels].
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input has another rank than 4, or nothing would be
 *   left of it
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.cropping2d({ cropping: 1 }).apply(dl.ones([2, 5, 5, 3])).shape)); // [2, 3, 3, 3]
 * ```
 */
export const cropping2d = layerOf(images.Cropping2D);
/**
 * Repeats each step of sequences [batch, steps, channels] `size` times.
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input is not [batch, steps, channels]
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.upSampling1d({ size: 2 }).apply(dl.ones([2, 5, 3])).shape)); // [2, 10, 3]
 * ```
 */
export const upSampling1d = layerOf(images.UpSampling1D);
/**
 * Makes images [batch, height, width, channels] `size` times as large.
 *
 * @throws when an option is not known, or its value is not what it takes; and by `apply`, when the input has another rank than 4, with the batch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.upSampling2d({ size: 2 }).apply(dl.ones([2, 5, 5, 3])).shape)); // [2, 10, 10, 3]
 * ```
 */
export const upSampling2d = layerOf(images.UpSampling2D);
/**
 * x · `scale` + `offset`. The shape stays.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `scale` is missing
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.rescaling({ scale: 1 / 255 }).apply(dl.ones([2, 4])).shape)); // [2, 4]
 * ```
 */
export const rescaling = layerOf(images.Rescaling);
/**
 * Resizes images [batch, height, width, channels] to `height` × `width` pixels.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `height` or `width` is missing; and by `apply`, when the input has
 *   another rank than 4, with the batch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.resizing({ height: 4, width: 6 }).apply(dl.ones([2, 8, 8, 3])).shape)); // [2, 4, 6, 3]
 * ```
 */
export const resizing = layerOf(images.Resizing);

/**
 * A long short-term memory (Hochreiter & Schmidhuber 1997): [batch, steps, features] becomes [batch, units], or [batch, steps, units] with `returnSequences`.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `units` is missing; and by `apply`, when the input is not [batch,
 *   steps, features], or the states are not as many as the layer has
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.lstm({ units: 6 }).apply(dl.ones([2, 5, 3])).shape)); // [2, 6]
 * ```
 */
export const lstm = layerOf(recurrent.LSTM);
/**
 * Gated recurrent units (Cho et al. 2014): [batch, steps, features] becomes [batch, units], or [batch, steps, units] with `returnSequences`.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `units` is missing; and by `apply`, when the input is not [batch,
 *   steps, features], or the states are not as many as the layer has
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.gru({ units: 6 }).apply(dl.ones([2, 5, 3])).shape)); // [2, 6]
 * ```
 */
export const gru = layerOf(recurrent.GRU);
/**
 * A recurrent layer whose state is its output: [batch, steps, features] becomes [batch, units], or [batch, steps, units] with `returnSequences`.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `units` is missing; and by `apply`, when the input is not [batch,
 *   steps, features], or the states are not as many as the layer has
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.simpleRNN({ units: 6 }).apply(dl.ones([2, 5, 3])).shape)); // [2, 6]
 * ```
 */
export const simpleRNN = layerOf(recurrent.SimpleRNN);
/**
 * Runs a recurrent layer forwards and backwards, and joins both results.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `layer` is no recurrent layer, or gives its state; and by `apply`,
 *   when the input does not fit that layer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.bidirectional({ layer: layers.lstm({ units: 6 }) }).apply(dl.ones([2, 5, 3])).shape)); // [2, 12]
 * ```
 */
export const bidirectional = layerOf(wrappers.Bidirectional);
/**
 * Applies a layer to each step of sequences [batch, steps, …].
 *
 * @throws when an option is not known, or its value is not what it takes, or when `layer` is missing; and by `apply`, when the input has fewer than
 *   three axes, or its steps do not fit that layer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.timeDistributed({ layer: layers.dense({ units: 6 }) }).apply(dl.ones([2, 5, 3])).shape)); // [2, 5, 6]
 * ```
 */
export const timeDistributed = layerOf(wrappers.TimeDistributed);
/**
 * Attention with several heads (Vaswani et al. 2017): applied to a query [batch, steps, n] and a value, and a key if it is another.
 *
 * @throws when an option is not known, or its value is not what it takes, or when `numHeads` or `keyDim` is missing; and by `apply`, unless there are
 *   two or three inputs [batch, steps, features]
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { layers } from 'rxtensor/models';
 * dl.tidy(() => console.log(layers.multiHeadAttention({ numHeads: 2, keyDim: 4 }).apply([dl.ones([2, 5, 3]), dl.ones([2, 7, 3])]).shape)); // [2, 5, 3]
 * ```
 */
export const multiHeadAttention = layerOf(MultiHeadAttention);
