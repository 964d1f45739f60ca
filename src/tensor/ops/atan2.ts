import { lazy } from '../lazy';
import { withoutTaping } from '../extent';
import { add, divNoNan, maximum, mul, neg } from './arithmetic';
import { binaryOp, type BinaryDerivative } from './binary-op';
import { abs, square } from './unary';

/**
 * The partial derivatives of the angle of (b, a): b/(a² + b²) and −a/(a² + b²), with both divided by the greater one first, so that no square overflows or
 * underflows. The origin has no angle: there both are 0.
 */
const derivative: BinaryDerivative = {
  inputs: [0, 1],
  partials: (c) => {
    const [a, b] = [c.input(0), c.input(1)];
    // The result does not depend on the scale, so that its own derivative has no part in it.
    const scale = lazy(() => withoutTaping(() => maximum(abs(a), abs(b))));
    const [rise, run] = [a, b].map((side) => lazy(() => divNoNan(side, scale())));
    const length = lazy(() => mul(add(square(rise!()), square(run!())), scale()));
    return [() => mul(c.dy, divNoNan(run!(), length())), () => neg(mul(c.dy, divNoNan(rise!(), length())))];
  },
};

/** The angle of the point (b, a), in radians, in [−π, π]; float32, whatever it is of. The gradients at (0, 0) are 0, and NaN where a or b is infinite. */
export const atan2 = binaryOp('atan2', derivative);
