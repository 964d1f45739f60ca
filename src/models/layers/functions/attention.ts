import { MultiHeadAttention } from '../attention';
import { layerOf } from '../factory';

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
