import { assertList } from '../argument';
import type { KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { promote } from '../dtype';
import { op } from '../op';
import { formatShape, normalizeAxis } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asRank, asTensor, type TensorInput } from '../tensor-like';
import { cutOut } from './block';
import { castTo, clone } from './cast';

const concatGradient: GradientRule<KernelAttributes['concat']> = {
  gradients: (c) => {
    const { axis } = c.attributes;
    const { rank } = c.dy;
    const count = c.inputCount;
    let start = 0;
    return Array.from({ length: count }, (_, i) => {
      const shape = c.inputShape(i);
      const begin = new Array<number>(rank).fill(0);
      begin[axis] = start;
      start += shape[axis]!;
      return () => cutOut(c.dy, begin, shape);
    });
  },
};

/**
 * Joins tensors along an axis. Their other extents must be equal. The result has their common dtype.
 *
 * @param axis the axis to join along, 0 by default; negative counts from the end
 * @throws when ranks or other extents differ, or the list is empty
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.concat([dl.tensor1d([1, 2]), dl.tensor1d([3])]).print(); // 1, 2, 3
 * ```
 */
export const concat = op('concat', function concat<
  T extends Tensor,
>(tensors: readonly (T | TensorInput)[], axis = 0): T {
  const values = asTensors('concat', tensors);
  return joined('concat', values, axis) as T;
});

/** Converts each element of a list to a tensor. @throws unless there is at least one */
export function asTensors(name: string, tensors: readonly TensorInput[], rank?: number): Tensor[] {
  assertList(name, 'tensors', tensors, 'an array of at least one tensor');
  return tensors.map((each, i) =>
    rank === undefined ? asTensor(name, `tensors[${i}]`, each) : asRank(name, `tensors[${i}]`, each, rank),
  );
}

/** {@link concat} of tensors, for use inside ops. `name` is the op that calls it. */
export function joined(name: string, values: readonly Tensor[], axis: number): Tensor {
  const first = values[0]!;
  const along = normalizeAxis(name, axis, first.rank);
  const shape: number[] = [...first.shape];
  values.slice(1).forEach((each, i) => {
    const fits =
      each.rank === first.rank &&
      each.shape.every((extent: number, k: number) => k === along || extent === shape[k]);
    if (!fits) {
      throw new Error(
        `${name}: argument 'tensors[${i + 1}]' has shape ${formatShape(each.shape)}; ` +
          `wanted ${formatShape(first.shape)} but for axis ${along}`,
      );
    }
    shape[along]! += each.shape[along]!;
  });
  if (values.length === 1) return clone(first);
  const dtype = values.reduce((widest, each) => promote(widest, each.dtype), first.dtype);
  const inputs = values.map((each) => castTo(each, dtype));
  return dispatchOne('concat', 'concat', inputs, shape, dtype, { axis: along }, concatGradient);
}
