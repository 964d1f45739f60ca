/** Ops that reduce the slices of each segment. */
import { sizeOf } from '../../kernels';
import { assertInteger } from '../../tensor/argument';
import { op } from '../../tensor/op';
import { cast, div, maximum, ones, reshape } from '../../tensor/ops';
import { asIntegers } from '../../tensor/ops/bincount';
import { scatterAdd } from '../../tensor/ops/gather';
import type { KeepsRank } from '../../tensor/ops/keeps-rank';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';
import { segmentExtreme } from './extreme';

/** The slices and the ids of a call; bool slices are int32. */
function segmentsOf(
  name: string,
  x: TensorInput,
  segmentIds: TensorInput,
  numSegments: number,
): { value: Tensor; ids: Tensor; inner: number[] } {
  const given = asTensor(name, 'x', x);
  const ids = asIntegers(name, 'segmentIds', segmentIds, [1]);
  assertInteger(name, 'numSegments', numSegments, 0);
  if (given.rank === 0 || given.shape[0] !== ids.size) {
    throw new Error(
      `${name}: argument 'segmentIds' has shape ${formatShape(ids.shape)}; wanted one for each slice of 'x', whose shape is ${formatShape(given.shape)}`,
    );
  }
  const value = given.dtype === 'bool' ? cast(given, 'int32') : given;
  return { value, ids, inner: value.shape.slice(1) };
}

type SegmentOp = KeepsRank<Tensor, [segmentIds: TensorInput, numSegments: number]>;

/** The greatest finite float32, and the limits of int32. */
const FLOAT_MOST = (2 - 2 ** -23) * 2 ** 127;
const INT_MOST = 2 ** 31 - 1;

function extremeOf(name: string, which: 'max' | 'min'): SegmentOp {
  return op(name, <T extends Tensor>(x: T | TensorInput, segmentIds: TensorInput, numSegments: number): T => {
    const { value, ids, inner } = segmentsOf(name, x, segmentIds, numSegments);
    const isFloat = value.dtype === 'float32';
    const least = isFloat ? -FLOAT_MOST : -INT_MOST - 1;
    const most = isFloat ? FLOAT_MOST : INT_MOST;
    const empty = which === 'max' ? least : most;
    return segmentExtreme(name, which, value, ids, { extent: numSegments, inner, initial: null, empty }) as T;
  });
}

/**
 * The greatest of the slices of x along its first axis that have the same segment id, element by element. A NaN gives NaN. A segment without slices gives the
 * least finite number of the dtype, −3.4·10³⁸ or −2³¹. The gradient is divided equally among equals. As `tf.math.unsorted_segment_max`.
 *
 * @param x [slices, …]
 * @param segmentIds int32, of rank 1, one for each slice, in any order; slices whose id is outside [0, numSegments) are ignored
 * @param numSegments the number of segments
 * @returns [numSegments, …], of x's dtype (int32 for bool)
 * @throws unless there is one id for each slice
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { unsortedSegmentMax } from 'rxtensor/ops';
 * dl.tidy(() => unsortedSegmentMax([1, 2, 3], dl.tensor1d([1, 0, 1], 'int32'), 2).print()); // 2, 3
 * ```
 */
export const unsortedSegmentMax = extremeOf('unsortedSegmentMax', 'max');

/**
 * The least of the slices of x that have the same segment id; see {@link unsortedSegmentMax}. A segment without slices gives the greatest finite number of the
 * dtype, 3.4·10³⁸ or 2³¹ − 1. As `tf.math.unsorted_segment_min`.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { unsortedSegmentMin } from 'rxtensor/ops';
 * dl.tidy(() => unsortedSegmentMin([1, 2, 3], dl.tensor1d([1, 0, 1], 'int32'), 2).print()); // 2, 1
 * ```
 */
export const unsortedSegmentMin = extremeOf('unsortedSegmentMin', 'min');

/**
 * The mean of the slices of x that have the same segment id, in float32; see {@link unsortedSegmentMax} for the arguments. A segment without slices gives 0. As
 * `tf.math.unsorted_segment_mean`.
 *
 * @returns [numSegments, …], float32
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { unsortedSegmentMean } from 'rxtensor/ops';
 * dl.tidy(() => unsortedSegmentMean([1, 2, 3], dl.tensor1d([1, 0, 1], 'int32'), 2).print()); // 2, 2
 * ```
 */
export const unsortedSegmentMean: SegmentOp = op(
  'unsortedSegmentMean',
  <T extends Tensor>(x: T | TensorInput, segmentIds: TensorInput, numSegments: number): T => {
    const { value, ids, inner } = segmentsOf('unsortedSegmentMean', x, segmentIds, numSegments);
    const shape = [numSegments, ...inner];
    const sums = scatterAdd(cast(value, 'float32'), ids, shape, { outer: 1, extent: numSegments, inner: sizeOf(inner) }); // prettier-ignore
    const counts = scatterAdd(ones([ids.size]), ids, [numSegments], { outer: 1, extent: numSegments, inner: 1 }); // prettier-ignore
    return div<T>(sums, reshape(maximum(counts, 1), [numSegments, ...inner.map(() => 1)]));
  },
);
