import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../../tensor/dispatch';
import type { GradientRule } from '../../tensor/tape';
import type { Tensor } from '../../tensor/tensor';
import { bringKernels } from '../kernels/bring';
import { halfOf, radicesOf } from '../kernels/roots';
import { bluestein, type Transform } from './bluestein';

/**
 * The adjoint of a transform, which carries gradients back. That of Σ x[j]·exp(−2πijk/n) adds up with the conjugates, so it is the inverse without 1/n; that
 * of 'toHalf' is 'fromHalf' with the same weights, and the other way round.
 */
const rule: GradientRule<KernelAttributes['fourier']> = {
  gradients: ({ dy, attributes: a }) => [
    () =>
      a.kind === 'complex'
        ? transform(dy, { ...a, inverse: !a.inverse })
        : transform(dy, { ...a, kind: a.kind === 'toHalf' ? 'fromHalf' : 'toHalf' }),
  ],
};

/** Transforms the last axis of x: of pairs, the axis before that of the pairs. */
export function transform(x: Tensor, given: Transform): Tensor {
  const { kind, length } = given;
  if (!radicesOf(length)) return bluestein(x, given, transform);
  bringKernels();
  const outer = x.shape.slice(0, kind === 'toHalf' ? -1 : -2);
  const shape = {
    complex: [...outer, length, 2],
    toHalf: [...outer, halfOf(length), 2],
    fromHalf: [...outer, length],
  }[kind];
  return dispatchOne('fourier', 'fourier', [x], shape, 'float32', { ...given, rows: sizeOf(outer) }, rule);
}
