import * as kinds from '../merging';
import { layerOf } from '../factory';

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
export const concatenate = layerOf(kinds.Concatenate);

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
export const add = layerOf(kinds.Add);

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
export const subtract = layerOf(kinds.Subtract);

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
export const multiply = layerOf(kinds.Multiply);

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
export const average = layerOf(kinds.Average);

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
export const maximum = layerOf(kinds.Maximum);

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
export const minimum = layerOf(kinds.Minimum);

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
export const dot = layerOf(kinds.Dot);
