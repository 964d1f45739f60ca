import { assertInteger, assertOneOf, wrongArgument } from '../argument';
import { sizeOf } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { promote } from '../dtype';
import { op } from '../op';
import { formatShape } from '../shape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { castTo } from './cast';
import { gatherFlat } from './gather';
import { reshape } from './reshape';

/**
 * Finds the k greatest elements along the last axis, in descending order. NaN counts as greater than all numbers; equal elements stay in
 * the order of their indices. The gradient flows to the chosen elements.
 *
 * @param k 1 by default
 * @param sorted has no effect: the result is always sorted
 * @returns `values`, of x's dtype, and `indices`, their positions along the last axis, as int32; both [..., k]
 * @throws unless 0 ≤ k ≤ the extent of the last axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { values, indices } = dl.topk([1, 9, 4], 2);
 * values.print(); // 9, 4
 * indices.print(); // 1, 2
 * ```
 */
export const topk = op('topk', function topk<T extends Tensor>(x: T | TensorInput, k = 1, sorted = true): {
  values: T;
  indices: T;
} {
  const value = asTensor('topk', 'x', x);
  const extent = value.shape[value.rank - 1];
  if (extent === undefined) throw new Error("topk: argument 'x' is a scalar; wanted at least one axis");
  assertInteger('topk', 'k', k, 0, extent);
  if (typeof sorted !== 'boolean') throw wrongArgument('topk', 'sorted', sorted, 'a boolean');
  const batch = value.shape.slice(0, -1);
  const rows = sizeOf(batch);
  const shape = [...batch, k];
  const best = dispatchOne('topk', 'topK', [reshape(value, [rows, extent])], [rows, k], 'int32', {});
  const view = { outer: rows, extent, inner: 1, batch: rows };
  return {
    values: gatherFlat('topk', value, best, shape, view) as T,
    indices: reshape(best, shape) as T,
  };
});

/**
 * Finds where each value would be inserted into an ascending sequence, by binary search: before elements equal to it ('left', the default) or
 * after them ('right').
 *
 * @param sortedSequence [..., n], ascending along the last axis
 * @param values [..., m], with as many rows as the sequence
 * @returns the indices from 0 to n as int32, of the values' shape
 * @throws when the numbers of rows differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.searchSorted([0, 3, 9, 10, 10], [0, 4, 10]).print(); // 0, 2, 3
 * ```
 */
export const searchSorted = op('searchSorted', function searchSorted<
  T extends Tensor,
>(sortedSequence: TensorInput, values: T | TensorInput, side: 'left' | 'right' = 'left'): T {
  return searched('searchSorted', sortedSequence, values, side) as T;
});

function searched(
  name: string,
  sortedSequence: TensorInput,
  values: TensorInput,
  side: 'left' | 'right',
): Tensor {
  const sequence = asTensor(name, 'sortedSequence', sortedSequence);
  const wanted = asTensor(name, 'values', values);
  assertOneOf(name, 'side', side, ['left', 'right']);
  const isScalar = sequence.rank === 0 || wanted.rank === 0;
  const rows = sizeOf(sequence.shape.slice(0, -1));
  if (isScalar || rows !== sizeOf(wanted.shape.slice(0, -1))) {
    throw new Error(
      `${name}: arguments 'sortedSequence' and 'values' have shapes ${formatShape(sequence.shape)} and ` +
        `${formatShape(wanted.shape)}; wanted the same number of rows in both`,
    );
  }
  const dtype = promote(sequence.dtype, wanted.dtype);
  const sorted = reshape(castTo(sequence, dtype), [rows, sequence.shape[sequence.rank - 1]!]);
  return dispatchOne(name, 'searchSorted', [sorted, castTo(wanted, dtype)], wanted.shape, 'int32', { side });
}

/**
 * {@link searchSorted} with side 'left': the index of the first element that is not less than each value.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.lowerBound([1, 3, 3, 5], [3]).print()); // 1
 * ```
 */
export const lowerBound = op(
  'lowerBound',
  <T extends Tensor>(sortedSequence: TensorInput, values: T | TensorInput): T =>
    searched('lowerBound', sortedSequence, values, 'left') as T,
);

/**
 * {@link searchSorted} with side 'right': the index of the first element that is greater than each value.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.upperBound([1, 3, 3, 5], [3]).print()); // 3
 * ```
 */
export const upperBound = op(
  'upperBound',
  <T extends Tensor>(sortedSequence: TensorInput, values: T | TensorInput): T =>
    searched('upperBound', sortedSequence, values, 'right') as T,
);
