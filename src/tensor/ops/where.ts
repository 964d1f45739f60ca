import { sameShape } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { promote } from '../dtype';
import type { Rank } from '../rank';
import { broadcastShape } from '../shape';
import type { GradientRule } from '../tape';
import type { Scalar, Tensor } from '../tensor';
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

/** The type of {@link where}. */
export interface WhereOp {
  /** Two tensors of one rank, or a tensor and a number: the result has that rank, if the condition has no greater one. */
  <R extends Rank, T extends Tensor = Tensor<R>>(
    condition: Tensor<R>,
    a: Tensor<R>,
    b: Tensor<R> | Scalar | number,
  ): T;
  /** Any inputs that broadcast. Name the type of the result, as in `where<Tensor2D>(condition, a, b)`; otherwise it is a `Tensor`. */
  <T extends Tensor = Tensor>(condition: TensorInput, a: TensorInput, b: TensorInput): T;
}

/**
 * Selects, element by element: a where the condition is true, b elsewhere. All three are broadcast together; the result has the common
 * dtype of a and b.
 *
 * The gradient of the operand that was not selected is 0. If that operand was computed by a function with an infinite derivative, such as
 * `sqrt(x)` at 0, the gradient of x is 0 · ∞ = NaN, as in TensorFlow. The cure is to select the input of that function too:
 * `where(x.greater(0), where(x.greater(0), x, 1).sqrt(), 0)`.
 *
 * @throws unless the condition is bool and the shapes can be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.where([true, false], [1, 2], [10, 20]).print(); // 1, 20
 * ```
 */
export const where: WhereOp = op('where', function where<
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
