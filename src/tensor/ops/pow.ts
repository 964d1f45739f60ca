import { equal, lessEqual, logicalAnd, mul, sub } from './arithmetic';
import { binaryOp, strict, type BinaryDerivative } from './binary-op';
import { scalar } from './creation';
import { log } from './unary';
import { where } from './where';

/**
 * The partial derivatives of aᵇ: b·aᵇ⁻¹ and aᵇ·log a. Where both are 0, x⁰ is the function 1, with the derivative 0. Where a ≤ 0 the derivative by b is 0, as
 * TensorFlow has it.
 */
const derivative: BinaryDerivative = {
  inputs: [0, 1],
  partials: (c) => [
    () => {
      const [a, b] = [c.input(0), c.input(1)];
      // 0 · 0⁻¹ would be 0 · ∞.
      const isConstant = logicalAnd(equal(a, 0), equal(b, 0));
      return mul(c.dy, mul(b, pow(a, where(isConstant, b, sub(b, 1)))));
    },
    () => {
      const [a, b] = [c.input(0), c.input(1)];
      // Where a ≤ 0 it is taken at a = 1, whose logarithm is 0. NaN goes through.
      const base = where(lessEqual(a, 0), scalar(1), a);
      return mul(c.dy, mul(pow(base, b), log(base)));
    },
  ],
};

/** aᵇ, of which x⁰ is 1 for every x, with the gradient 0. The gradient to b is 0 where a ≤ 0. */
export const pow = binaryOp('pow', derivative);
/** As {@link pow}, for operands of one shape only. */
export const powStrict = strict('powStrict', pow);
