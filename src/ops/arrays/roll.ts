import { isIntegers, wrongArgument } from '../../tensor/argument';
import { op } from '../../tensor/op';
import { concat, reshape, slice } from '../../tensor/ops';
import { normalizeAxis } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';

/**
 * Moves elements along axes, as NumPy's and TensorFlow's `roll`: what leaves one end comes back at the other. The result has x's shape and dtype.
 *
 * @param shift by how many places, towards greater indices; one number for all axes, or one for each
 * @param axis the axis, or a list; an axis that is named twice is moved twice. null, the default: over the elements in row-major order
 * @throws unless the shifts are integers, and there is one or as many as axes, which exist
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { roll } from 'rxtensor/ops';
 * dl.tidy(() => roll([1, 2, 3, 4], 1).print()); // 4, 1, 2, 3
 * ```
 */
export const roll = op(
  'roll',
  (x: TensorInput, shift: number | number[], axis: number | number[] | null = null): Tensor => {
    const value = asTensor('roll', 'x', x);
    if (axis === null) {
      const by = shiftsOf(shift, 1);
      return reshape(rolled(reshape(value, [value.size]), by[0]!, 0), [...value.shape]);
    }
    const axes = Array.isArray(axis) ? axis : [axis];
    const shifts = shiftsOf(shift, axes.length);
    return axes.reduce((moved, each, i) => {
      return rolled(moved, shifts[i]!, normalizeAxis('roll', each, value.rank));
    }, value.clone());
  },
);

function shiftsOf(shift: number | number[], count: number): number[] {
  const shifts = Array.isArray(shift) ? shift : new Array<number>(count).fill(shift);
  if (isIntegers(shifts, -Infinity, count)) return shifts;
  throw wrongArgument('roll', 'shift', shift, `an integer, or ${count} of them, one for each axis`);
}

function rolled(x: Tensor, shift: number, axis: number): Tensor {
  const extent = x.shape[axis]!;
  const by = extent === 0 ? 0 : ((shift % extent) + extent) % extent;
  if (by === 0) return x;
  const from = (start: number): Tensor => {
    const begin = x.shape.map((_, i) => (i === axis ? start : 0));
    const size = x.shape.map((all, i) => (i !== axis ? all : start === 0 ? extent - by : by));
    return slice(x, begin, size);
  };
  return concat([from(extent - by), from(0)], axis);
}
