import * as kinds from '../wrappers';
import { layerOf } from '../factory';

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
export const bidirectional = layerOf(kinds.Bidirectional);

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
export const timeDistributed = layerOf(kinds.TimeDistributed);
