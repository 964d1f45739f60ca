import * as kinds from '../recurrent';
import { layerOf } from '../factory';

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
export const lstm = layerOf(kinds.LSTM);

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
export const gru = layerOf(kinds.GRU);

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
export const simpleRNN = layerOf(kinds.SimpleRNN);
