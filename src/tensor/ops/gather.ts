import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
import { formatShape, normalizeAxis } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import type { KeepsRank } from './keeps-rank';

type GatherAttributes = KernelAttributes['gather'];

const gatherGradient: GradientRule<GatherAttributes> = {
  inputs: [1],
  gradients: (c) => [() => scatterAdd(c.dy, c.input(1), c.inputShape(0), c.attributes), null],
};

const scatterGradient: GradientRule<GatherAttributes> = {
  inputs: [1],
  gradients: (c) => [() => gatherFlat('gather', c.dy, c.input(1), c.inputShape(0), c.attributes), null],
};

/** {@link gather} without its checks, for use inside ops. `view` says how x and the result are split into axes. */
export function gatherFlat(
  name: string,
  x: Tensor,
  indices: Tensor,
  shape: readonly number[],
  view: GatherAttributes,
): Tensor {
  return dispatchOne(name, 'gather', [x, indices], shape, x.dtype, view, gatherGradient);
}

/** Adds slices into a tensor of zeros at indices along an axis: the gradient of {@link gather}. For use inside ops. */
export function scatterAdd(
  values: Tensor,
  indices: Tensor,
  shape: readonly number[],
  view: GatherAttributes,
): Tensor {
  return dispatchOne(
    'scatterAdd',
    'scatterAdd',
    [values, indices],
    shape,
    values.dtype,
    view,
    scatterGradient,
  );
}

/**
 * Gathers slices of x at indices along an axis. The result has x's shape, with that axis replaced by the shape of the indices. An index
 * out of range gives zeros.
 *
 * @param indices int32, of any shape
 * @param axis 0 by default; negative counts from the end
 * @param batchDims the number of leading axes that x and the indices share: each element of this batch has its own indices
 * @throws unless the indices are int32 and the first `batchDims` extents of both are equal
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.gather([[1, 2], [3, 4]], dl.tensor1d([1, 1], 'int32')).print(); // [3, 4], [3, 4]
 * ```
 */
export const gather = op('gather', function gather<
  T extends Tensor,
>(x: T | TensorInput, indices: TensorInput, axis = 0, batchDims = 0): T {
  const value = asTensor('gather', 'x', x);
  const at = asTensor('gather', 'indices', indices, 'int32');
  if (at.dtype !== 'int32') throw new Error(`gather: argument 'indices' is ${at.dtype}; wanted int32`);
  const along = normalizeAxis('gather', axis, value.rank);
  const batch = batchShape(value, at, along, batchDims);
  const before = value.shape.slice(0, along);
  const behind = value.shape.slice(along + 1);
  const chosen = at.shape.slice(batch.length);
  const view = {
    outer: sizeOf(before),
    extent: value.shape[along]!,
    inner: sizeOf(behind),
    batch: sizeOf(batch),
  };
  return gatherFlat('gather', value, at, [...before, ...chosen, ...behind], view) as T;
}) as KeepsRank<Tensor, [indices: TensorInput, axis?: number, batchDims?: number]>;

/** The extents of the leading axes that x and the indices share. */
function batchShape(x: Tensor, indices: Tensor, axis: number, batchDims: number): number[] {
  const most = Math.min(axis, indices.rank);
  const count = batchDims < 0 ? batchDims + indices.rank : batchDims;
  if (!Number.isInteger(count) || count < 0 || count > most) {
    throw new Error(
      `gather: argument 'batchDims' is ${batchDims}; wanted an integer in [0, ${most}]: at most the axis and the rank of the indices`,
    );
  }
  const batch = x.shape.slice(0, count);
  const found = indices.shape.slice(0, count);
  if (formatShape(batch) !== formatShape(found)) {
    throw new Error(
      `gather: argument 'indices' has shape ${formatShape(indices.shape)}; wanted it to begin with ${formatShape(batch)}, ` +
        `the first ${count} axes of x`,
    );
  }
  return batch;
}
