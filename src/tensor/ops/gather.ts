import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
import { normalizeAxis } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';

type GatherAttributes = KernelAttributes['gather'];

const gatherGradient: GradientRule<GatherAttributes> = {
  inputs: [1],
  gradients: (c) => [() => scatterAdd(c.dy, c.input(1), c.inputShape(0), c.attributes), null],
};

const scatterGradient: GradientRule<GatherAttributes> = {
  inputs: [1],
  gradients: (c) => [
    () =>
      dispatchOne(
        'gather',
        'gather',
        [c.dy, c.input(1)],
        c.inputShape(0),
        'float32',
        c.attributes,
        gatherGradient,
      ),
    null,
  ],
};

/** Adds slices into a tensor of zeros at the indices given: the adjoint of {@link gather}. For ops. */
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
 * The slices of x at `indices` along an axis: the result's shape is x's with that axis replaced by the indices' shape.
 * An index outside of the axis gives zeros.
 *
 * @throws unless the indices are int32
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.gather([[1, 2], [3, 4]], dl.tensor1d([1, 1], 'int32')).print(); // [3, 4], [3, 4]
 * ```
 */
export const gather = op('gather', function gather<
  T extends Tensor,
>(x: T | TensorInput, indices: TensorInput, axis = 0): T {
  const value = asTensor('gather', 'x', x);
  const at = asTensor('gather', 'indices', indices, 'int32');
  if (at.dtype !== 'int32') throw new Error(`gather: argument 'indices' is ${at.dtype}; wanted int32`);
  const along = normalizeAxis('gather', axis, value.rank);
  const before = value.shape.slice(0, along);
  const behind = value.shape.slice(along + 1);
  const view = { outer: sizeOf(before), extent: value.shape[along]!, inner: sizeOf(behind) };
  return dispatchOne(
    'gather',
    'gather',
    [value, at],
    [...before, ...at.shape, ...behind],
    value.dtype,
    view,
    gatherGradient,
  ) as T;
});
