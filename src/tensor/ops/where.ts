import { sameShape } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { promote } from '../dtype';
import { broadcastShape } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { castTo } from './cast';
import { zerosLike } from './creation';
import { sumToShape } from './sum-to-shape';
import { op } from '../op';

const selectGradient: GradientRule<Record<never, never>> = {
  inputs: [0],
  gradients: (c) => [
    null,
    () => sumToShape(where(c.input(0), c.dy, zerosLike(c.dy)), c.inputShape(1)),
    () => sumToShape(where(c.input(0), zerosLike(c.dy), c.dy), c.inputShape(2)),
  ],
};

/**
 * a where the condition holds, else b; all three broadcast together. The gradient goes only to the one that was chosen: the other one gets
 * 0. Where that one was computed with an infinite derivative, as `sqrt(x)` at 0, what it is computed from gets 0 · ∞ = NaN, as in
 * TensorFlow. The cure is to choose before as well: `where(x.greater(0), where(x.greater(0), x, 1).sqrt(), 0)`.
 *
 * @throws unless the condition is bool
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.where([true, false], [1, 2], [10, 20]).print(); // 1, 20
 * ```
 */
export const where = op('where', function where<
  T extends Tensor = Tensor,
>(condition: TensorInput, a: TensorInput, b: TensorInput): T {
  const chosen = asTensor('where', 'condition', condition, 'bool');
  if (chosen.dtype !== 'bool') throw new Error(`where: argument 'condition' is ${chosen.dtype}; wanted bool`);
  const first = asTensor('where', 'a', a);
  const second = asTensor('where', 'b', b);
  const dtype = promote(first.dtype, second.dtype);
  let shape: readonly number[] = first.shape;
  if (!sameShape(shape, second.shape)) shape = broadcastShape('where', shape, second.shape);
  if (!sameShape(shape, chosen.shape))
    shape = broadcastShape('where', chosen.shape, shape, ['condition', 'a']);
  const inputs = [chosen, castTo(first, dtype), castTo(second, dtype)];
  return dispatchOne('where', 'select', inputs, shape, dtype, {}, selectGradient) as T;
});
