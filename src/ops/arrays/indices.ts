import { assertList } from '../../tensor/argument';
import { dispatchOne } from '../../tensor/dispatch';
import { op } from '../../tensor/op';
import {
  broadcastTo,
  floorDiv,
  greaterEqual,
  less,
  logicalAnd,
  mod,
  scalar,
  stack,
  tensorScatterUpdate,
  where,
} from '../../tensor/ops';
import { assertShape, formatShape } from '../../tensor/shape';
import { sizeOf, stridesOf } from '../../kernels';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';
import { asIntegers } from './integers';

/** The most elements whose number is int32, as their positions are. */
const MOST_POSITIONS = 2 ** 31 - 1;

/** @throws unless it is a shape with at least one axis, all of whose positions are int32 */
function assertAxes(name: string, shape: readonly number[]): void {
  assertShape(name, shape);
  if (shape.length === 0)
    throw new Error(`${name}: argument 'shape' is []; wanted the extents of one axis or more`);
  if (Math.max(sizeOf(shape), ...shape) > MOST_POSITIONS)
    throw new Error(
      `${name}: argument 'shape' is ${formatShape(shape)}; wanted at most 2³¹ − 1 elements, whose positions are int32`,
    );
}

/**
 * The coordinates of positions in row-major order, as NumPy's `unravel_index`: a list with one tensor for each axis. TensorFlow's `unravel_index` is
 * `stack(…, 0)` of them; `stack(…, -1)` is what `gatherND` takes.
 *
 * @param indices int32, of any shape
 * @param shape the extents of the axes
 * @returns for each axis int32 in the shape of the indices; −1 for an index outside of the shape, which NumPy takes as an error
 * @throws unless the indices are int32, and the shape has an axis and at most 2³¹ − 1 elements
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { unravelIndex } from 'rxtensor/ops';
 * dl.tidy(() => dl.stack(unravelIndex([4, 5], [2, 3]), -1).print()); // [[1, 1], [1, 2]]
 * ```
 */
export const unravelIndex = op('unravelIndex', (indices: TensorInput, shape: readonly number[]): Tensor[] => {
  const value = asIntegers('unravelIndex', 'indices', indices);
  assertAxes('unravelIndex', shape);
  const number = (n: number): Tensor => scalar(n, 'int32');
  const isInside = logicalAnd(greaterEqual(value, number(0)), less(value, number(sizeOf(shape))));
  return stridesOf(shape).map((stride, axis) => {
    const steps = floorDiv(value, number(stride));
    return where(isInside, axis === 0 ? steps : mod(steps, number(shape[axis]!)), number(-1));
  });
});

/**
 * The positions of coordinates in row-major order, as NumPy's `ravel_multi_index`: what {@link unravelIndex} turns back.
 *
 * @param coordinates int32, one tensor for each axis, of one shape
 * @param shape the extents of the axes
 * @returns int32, in the shape of the coordinates; −1 where one of them lies outside of its axis
 * @throws unless there are int32 coordinates for each axis, of one shape, and the shape has at most 2³¹ − 1 elements
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { ravelIndex } from 'rxtensor/ops';
 * dl.tidy(() => ravelIndex([[1, 1], [1, 2]], [2, 3]).print()); // 4, 5
 * ```
 */
export const ravelIndex = op(
  'ravelIndex',
  (coordinates: readonly TensorInput[], shape: readonly number[]): Tensor => {
    assertAxes('ravelIndex', shape);
    assertList('ravelIndex', 'coordinates', coordinates, `${shape.length} tensors, one for each axis`);
    const along = coordinates.map((each, axis) => asIntegers('ravelIndex', `coordinates[${axis}]`, each));
    const odd = along.find((each) => formatShape(each.shape) !== formatShape(along[0]!.shape));
    if (along.length !== shape.length || odd)
      throw new Error(
        `ravelIndex: argument 'coordinates' has the shapes ${along.map((each) => formatShape(each.shape)).join(', ')}; wanted ${shape.length} of one shape, one for each axis of ${formatShape(shape)}`,
      );
    const places = along[0]!.shape;
    return dispatchOne('ravelIndex', 'flattenIndices', [stack(along, -1)], places, 'int32', {
      extents: [...shape],
    });
  },
);

/**
 * A tensor with values at some places, and one value everywhere else, as TensorFlow's `sparse_to_dense`. Of several values for one place, the last one stays;
 * places outside of the shape are ignored: TensorFlow takes both as errors.
 *
 * @param sparseIndices int32: [n, rank of the result], or [n] or a scalar for a result of rank 1
 * @param sparseValues [n], or a scalar for all places; gradients flow to them
 * @param outputShape the shape of the result
 * @param defaultValue the value everywhere else, 0 by default
 * @returns the dtype of the values
 * @throws unless the shapes fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { sparseToDense } from 'rxtensor/ops';
 * dl.tidy(() => sparseToDense([1, 3], [10, 30], [5], -1).print()); // -1, 10, -1, 30, -1
 * ```
 */
export const sparseToDense = op(
  'sparseToDense',
  (
    sparseIndices: TensorInput,
    sparseValues: TensorInput,
    outputShape: readonly number[],
    defaultValue: TensorInput = 0,
  ): Tensor => {
    const name = 'sparseToDense';
    const given = asIntegers(name, 'sparseIndices', sparseIndices);
    assertShape(name, outputShape);
    const rank = outputShape.length;
    const count = given.rank === 0 ? 1 : given.shape[0]!;
    const depth = given.rank === 2 ? given.shape[1]! : 1;
    if (given.rank > 2 || depth !== rank)
      throw new Error(
        `${name}: argument 'sparseIndices' has shape ${formatShape(given.shape)}; wanted [n,${rank}]${rank === 1 ? ', [n] or a scalar' : ''}, for 'outputShape' ${formatShape(outputShape)}`,
      );
    const values = asTensor(name, 'sparseValues', sparseValues);
    if (values.rank > 1 || (values.rank === 1 && values.shape[0] !== count))
      throw new Error(
        `${name}: argument 'sparseValues' has shape ${formatShape(values.shape)}; wanted [${count}], one for each place, or a scalar`,
      );
    const other = asTensor(name, 'defaultValue', defaultValue);
    if (other.rank > 0)
      throw new Error(
        `${name}: argument 'defaultValue' has shape ${formatShape(other.shape)}; wanted a scalar`,
      );
    const empty = broadcastTo(other.cast(values.dtype), [...outputShape]);
    return tensorScatterUpdate(empty, given.reshape([count, depth]), broadcastTo(values, [count]));
  },
);
