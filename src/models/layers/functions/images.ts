import * as kinds from '../images';
import { layerOf } from '../factory';

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
export const zeroPadding1d = layerOf(kinds.ZeroPadding1D);

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
export const zeroPadding2d = layerOf(kinds.ZeroPadding2D);

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
export const cropping1d = layerOf(kinds.Cropping1D);

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
export const cropping2d = layerOf(kinds.Cropping2D);

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
export const upSampling1d = layerOf(kinds.UpSampling1D);

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
export const upSampling2d = layerOf(kinds.UpSampling2D);

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
export const rescaling = layerOf(kinds.Rescaling);

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
export const resizing = layerOf(kinds.Resizing);
