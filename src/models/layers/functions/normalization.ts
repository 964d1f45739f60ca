import * as kinds from '../normalization';
import { layerOf } from '../factory';

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
export const batchNormalization = layerOf(kinds.BatchNormalization);

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
export const layerNormalization = layerOf(kinds.LayerNormalization);

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
export const normalization = layerOf(kinds.Normalization);
