import { wrongArgument } from '../argument';
import type { KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { op } from '../op';
import { normalizeAxis } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { clone } from './cast';
import type { KeepsRank } from './keeps-rank';

const transposeGradient: GradientRule<KernelAttributes['transpose']> = {
  gradients: ({ dy, attributes }) => [
    () => {
      const inverse: number[] = [];
      attributes.permutation.forEach((axis, i) => (inverse[axis] = i));
      return transpose(dy, inverse);
    },
  ],
};

/**
 * Permutes the axes of x: axis i of the result is axis perm[i] of x.
 *
 * @param perm all axes in reverse order when left out
 * @throws unless `perm` names every axis once
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.transpose([[1, 2, 3], [4, 5, 6]]).print(); // [[1, 4], [2, 5], [3, 6]]
 * ```
 */
export const transpose = op('transpose', function transpose<
  T extends Tensor,
>(x: T | TensorInput, perm?: number[]): T {
  const value = asTensor('transpose', 'x', x);
  const axes = perm ?? value.shape.map((_: number, axis: number) => value.rank - 1 - axis);
  if (!Array.isArray(axes) || axes.length !== value.rank) {
    throw wrongArgument('transpose', 'perm', axes, `${value.rank} axes, the rank of x`);
  }
  const permutation = axes.map((axis: number) => normalizeAxis('transpose', axis, value.rank, 'perm'));
  if (new Set(permutation).size !== permutation.length) {
    throw new Error(`transpose: argument 'perm' is [${String(axes)}]; wanted every axis once`);
  }
  if (permutation.every((axis: number, i: number) => axis === i)) return clone(value) as T;
  const shape = permutation.map((axis: number) => value.shape[axis]!);
  return dispatchOne(
    'transpose',
    'transpose',
    [value],
    shape,
    value.dtype,
    { permutation },
    transposeGradient,
  ) as T;
}) as KeepsRank<Tensor, [perm?: number[]]>;
