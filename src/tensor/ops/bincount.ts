/** Ops that count or sum elements by an integer label. Each is a scatter-add. */
import { assertInteger } from '../argument';
import { sizeOf } from '../../kernels';
import { op } from '../op';
import type { Rank } from '../rank';
import { formatShape } from '../shape';
import type { Tensor, Tensor1D, Tensor2D } from '../tensor';
import { asRank, asTensor, type TensorInput } from '../tensor-like';
import { greater } from './arithmetic';
import { castTo } from './cast';
import { ones } from './creation';
import { scatterAdd } from './gather';
import { scatterND } from './gather-nd';
import { reshape } from './reshape';
import { stack } from './slice';
import type { KeepsRank } from './keeps-rank';

/** Converts an argument to an int32 tensor. @throws when it is a tensor of another dtype, or of another rank */
export function asIntegers(
  name: string,
  argument: string,
  value: TensorInput,
  ranks: readonly number[],
): Tensor {
  const x = asRank(name, argument, value, ranks, 'int32');
  if (x.dtype !== 'int32') throw new Error(`${name}: argument '${argument}' is ${x.dtype}; wanted int32`);
  return x;
}

/** The weight of each element of x: the given one, or 1 if `weights` is empty. bool weights become int32. */
function weightsOf(name: string, x: Tensor, weights: TensorInput): Tensor {
  const given = asTensor(name, 'weights', weights);
  if (given.size === 0 && x.size > 0)
    return ones([...x.shape], given.dtype === 'bool' ? 'int32' : given.dtype);
  if (formatShape(given.shape) !== formatShape(x.shape) && given.size > 0) {
    throw new Error(
      `${name}: argument 'weights' has shape ${formatShape(given.shape)}; wanted ${formatShape(x.shape)}, as 'x', or no elements`,
    );
  }
  return given.dtype === 'bool' ? castTo(given, 'int32') : given;
}

/** Counts x of shape [..., n] along its last axis, giving [..., size]. */
function counted(name: string, x: Tensor, weights: TensorInput, size: number, binaryOutput: boolean): Tensor {
  const batch = x.shape.slice(0, -1);
  const outer = sizeOf(batch);
  const view = { outer, extent: size, inner: 1, batch: outer };
  const values = binaryOutput ? weightsOf(name, x, []) : weightsOf(name, x, weights);
  const sums = scatterAdd(values, x, [...batch, size], view);
  return binaryOutput ? castTo(greater(sums, 0), asTensor(name, 'weights', weights).dtype) : sums;
}

/**
 * Counts how often each of the numbers 0 … size − 1 occurs in x. With weights, adds up the weights of its occurrences instead. Other
 * numbers in x are ignored.
 *
 * @param x int32, of rank 1
 * @param weights a tensor of x's shape, or an empty one to count each element as 1
 * @returns a vector of `size` elements, of the weights' dtype (int32 for bool)
 * @throws unless x is int32 and size is a non-negative integer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.bincount(dl.tensor1d([1, 1, 3], 'int32'), [], 4).print(); // 0, 2, 0, 1
 * ```
 */
export const bincount = op(
  'bincount',
  function bincount(x: TensorInput, weights: TensorInput, size: number): Tensor1D {
    assertInteger('bincount', 'size', size, 0);
    return counted('bincount', asIntegers('bincount', 'x', x, [1]), weights, size, false) as Tensor1D;
  },
);

/**
 * {@link bincount} for a vector, or for each row of a matrix: [rows, n] gives [rows, size].
 *
 * @param binaryOutput gives 1 for each number that occurs and 0 for the others; weights are ignored
 * @throws unless x is int32 of rank 1 or 2, and size is a non-negative integer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.denseBincount(dl.tensor2d([[0, 1], [1, 1]], [2, 2], 'int32'), [], 2).print(); // [1, 1], [0, 2]
 * ```
 */
export const denseBincount = op('denseBincount', function denseBincount<
  T extends Tensor1D | Tensor2D,
>(x: T | TensorInput, weights: TensorInput, size: number, binaryOutput = false): T {
  assertInteger('denseBincount', 'size', size, 0);
  return counted(
    'denseBincount',
    asIntegers('denseBincount', 'x', x, [1, 2]),
    weights,
    size,
    binaryOutput,
  ) as T;
}) as KeepsRank<Tensor1D | Tensor2D, [weights: TensorInput, size: number, binaryOutput?: boolean]>;

/**
 * Adds up the slices of x along its first axis that have the same segment id: slice i of the result is the sum of all slices with id i.
 *
 * @param segmentIds int32, of rank 1, one for each slice; slices whose id is outside [0, numSegments) are ignored
 * @returns [numSegments, ...], of x's dtype (int32 for bool)
 * @throws unless there is one id for each slice
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.unsortedSegmentSum([1, 2, 3], dl.tensor1d([1, 0, 1], 'int32'), 2).print(); // 2, 4
 * ```
 */
export const unsortedSegmentSum = op('unsortedSegmentSum', function unsortedSegmentSum<
  T extends Tensor,
>(x: T | TensorInput, segmentIds: TensorInput, numSegments: number): T {
  const name = 'unsortedSegmentSum';
  const given = asTensor(name, 'x', x);
  const ids = asIntegers(name, 'segmentIds', segmentIds, [1]);
  assertInteger(name, 'numSegments', numSegments, 0);
  if (given.rank === 0 || given.shape[0] !== ids.size) {
    throw new Error(
      `${name}: argument 'segmentIds' has shape ${formatShape(ids.shape)}; wanted one for each slice of 'x', whose shape is ${formatShape(given.shape)}`,
    );
  }
  const value = given.dtype === 'bool' ? castTo(given, 'int32') : given;
  const inner = value.shape.slice(1);
  const view = { outer: 1, extent: numSegments, inner: sizeOf(inner) };
  return scatterAdd(value, ids, [numSegments, ...inner], view) as T;
}) as KeepsRank<Tensor, [segmentIds: TensorInput, numSegments: number]>;

/**
 * Counts the examples of each label that were predicted as each class. The row is the label, the column the predicted class.
 *
 * @param labels the true classes, a vector of integers
 * @param predictions the predicted classes, a vector of the same length
 * @param numClasses the number of classes; examples with a class outside [0, numClasses) are ignored
 * @returns int32, [numClasses, numClasses]
 * @throws when the numbers of labels and predictions differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.confusionMatrix([0, 1, 1], [0, 0, 1], 2).print(); // [1, 0], [1, 1]
 * ```
 */
export const confusionMatrix = op(
  'confusionMatrix',
  function confusionMatrix(labels: TensorInput, predictions: TensorInput, numClasses: number): Tensor2D {
    const name = 'confusionMatrix';
    const right = asRank(name, 'labels', labels, 1);
    const predicted = asRank(name, 'predictions', predictions, 1);
    assertInteger(name, 'numClasses', numClasses, 1);
    if (right.size !== predicted.size) {
      throw new Error(
        `${name}: argument 'predictions' has ${predicted.size} elements; wanted ${right.size}, as many as 'labels'`,
      );
    }
    const pairs = stack([castTo(right, 'int32'), castTo(predicted, 'int32')], 1);
    return scatterND<Rank.R2>(reshape(pairs, [right.size, 2]), ones([right.size], 'int32'), [
      numClasses,
      numClasses,
    ]);
  },
);
