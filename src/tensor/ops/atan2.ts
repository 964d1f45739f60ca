import { lazy } from '../lazy';
import { withoutTaping } from '../extent';
import { add, divNoNan, maximum, mul, neg } from './arithmetic';
import { binaryOp, type BinaryDerivative } from './binary-op';
import { abs, square } from './unary';

/**
 * The partial derivatives are b/(a² + b²) and −a/(a² + b²). Both sides are divided by the greater of |a| and |b| first, so that no square
 * overflows or underflows. At the origin, which has no angle, both derivatives are 0.
 */
const derivative: BinaryDerivative = {
  inputs: [0, 1],
  partials: (c) => {
    const [a, b] = [c.input(0), c.input(1)];
    // The result does not depend on the scale, so no gradient flows through it.
    const scale = lazy(() => withoutTaping(() => maximum(abs(a), abs(b))));
    const [rise, run] = [a, b].map((side) => lazy(() => divNoNan(side, scale())));
    const length = lazy(() => mul(add(square(rise!()), square(run!())), scale()));
    return [() => mul(c.dy, divNoNan(run!(), length())), () => neg(mul(c.dy, divNoNan(rise!(), length())))];
  },
};

/**
 * The angle of the point with x = b and y = a, in radians, in [−π, π], with broadcasting. The result is float32 for every dtype. The
 * gradients are 0 at (0, 0), and NaN where a or b is infinite.
 *
 * @throws when the shapes cannot be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.atan2([1, -1], [1, 0]).print(); // π/4, −π/2
 * ```
 */
export const atan2 = binaryOp('atan2', derivative);
