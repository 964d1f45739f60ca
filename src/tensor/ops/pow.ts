import { equal, lessEqual, logicalAnd, mul, sub } from './arithmetic';
import { binaryOp, strict, type BinaryDerivative } from './binary-op';
import { scalar } from './creation';
import { log } from './unary';
import { where } from './where';

/**
 * The partial derivatives of aᵇ are b·aᵇ⁻¹ and aᵇ·log a. For a = b = 0, the derivative by a is 0, since x⁰ is constant. For a ≤ 0, the derivative
 * by b is 0, as in TensorFlow.
 */
const derivative: BinaryDerivative = {
  inputs: [0, 1],
  partials: (c) => [
    () => {
      const [a, b] = [c.input(0), c.input(1)];
      // b·aᵇ⁻¹ would be 0 · ∞ = NaN.
      const isConstant = logicalAnd(equal(a, 0), equal(b, 0));
      return mul(c.dy, mul(b, pow(a, where(isConstant, b, sub(b, 1)))));
    },
    () => {
      const [a, b] = [c.input(0), c.input(1)];
      // For a ≤ 0 it computes the derivative at a = 1, where it is 0. NaN stays NaN.
      const base = where(lessEqual(a, 0), scalar(1), a);
      return mul(c.dy, mul(pow(base, b), log(base)));
    },
  ],
};

/**
 * aᵇ, element by element with broadcasting. a⁰ is 1 for every a, with gradient 0. The gradient of b is 0 where a ≤ 0.
 *
 * @throws when the shapes cannot be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.pow([1, 2, 3], 2).print(); // 1, 4, 9
 * ```
 */
export const pow = binaryOp('pow', derivative);
/**
 * {@link pow} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.powStrict([2, 3], [3, 2]).print()); // 8, 9
 * ```
 */
export const powStrict = strict('powStrict', pow);
