/**
 * Unary elementwise ops. The functions are rows of the elementwise table; this file adds their derivatives. The negation is in arithmetic.ts,
 * which needs it. Unless a comment says otherwise, the result is float32, of x's shape.
 */
import { assertNumber } from '../argument';
import type { UnaryName } from '../../kernels';
import { op, takingNull } from '../op';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { activationGradient } from './activation-gradient';
import { add, div, greaterEqual, less, lessEqual, logicalAnd, mul, neg, sub } from './arithmetic';
import { zerosLike } from './creation';
import { unaryOp, type ParametricUnaryOp, type UnaryDerivative, type UnaryOp } from './unary-op';
import { where } from './where';
import type { KeepsRank } from './keeps-rank';

export type { UnaryOp } from './unary-op';

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** The derivative of an activation, for which one kernel computes dy·f′. */
function activation(name: Parameters<typeof activationGradient>[2]): UnaryDerivative {
  return { of: 'output', pullBack: (dy, y) => activationGradient(dy, y, name) };
}

const flat: UnaryDerivative = { of: 'nothing', pullBack: (dy) => zerosLike(dy) };

const derivatives: Record<
  Exclude<UnaryName, 'neg' | 'isNaN' | 'isInf' | 'isFinite' | 'logicalNot'>,
  UnaryDerivative
> = {
  abs: { of: 'input', pullBack: (dy, x) => mul(dy, sign(x)) },
  sign: flat,
  ceil: flat,
  floor: flat,
  round: flat,
  step: flat,
  reciprocal: { of: 'output', pullBack: (dy, y) => neg(mul(dy, square(y))) },
  square: { of: 'input', pullBack: (dy, x) => mul(dy, mul(x, 2)) },
  sqrt: { of: 'output', pullBack: (dy, y) => div(dy, mul(y, 2)) },
  rsqrt: { of: 'output', pullBack: (dy, y) => mul(dy, mul(mul(square(y), y), -0.5)) },
  exp: { of: 'output', pullBack: (dy, y) => mul(dy, y) },
  expm1: { of: 'output', pullBack: (dy, y) => mul(dy, add(y, 1)) },
  log: { of: 'input', pullBack: (dy, x) => div(dy, x) },
  log1p: { of: 'input', pullBack: (dy, x) => div(dy, add(x, 1)) },
  erf: { of: 'input', pullBack: (dy, x) => mul(dy, mul(exp(neg(square(x))), TWO_OVER_SQRT_PI)) },
  sin: { of: 'input', pullBack: (dy, x) => mul(dy, cos(x)) },
  cos: { of: 'input', pullBack: (dy, x) => neg(mul(dy, sin(x))) },
  tan: { of: 'output', pullBack: (dy, y) => mul(dy, add(square(y), 1)) },
  asin: { of: 'input', pullBack: (dy, x) => div(dy, sqrt(sub(1, square(x)))) },
  acos: { of: 'input', pullBack: (dy, x) => neg(div(dy, sqrt(sub(1, square(x))))) },
  atan: { of: 'input', pullBack: (dy, x) => div(dy, add(square(x), 1)) },
  sinh: { of: 'input', pullBack: (dy, x) => mul(dy, cosh(x)) },
  cosh: { of: 'input', pullBack: (dy, x) => mul(dy, sinh(x)) },
  tanh: activation('tanh'),
  asinh: { of: 'input', pullBack: (dy, x) => div(dy, sqrt(add(square(x), 1))) },
  acosh: { of: 'input', pullBack: (dy, x) => div(dy, sqrt(mul(sub(x, 1), add(x, 1)))) },
  atanh: { of: 'input', pullBack: (dy, x) => div(dy, sub(1, square(x))) },
  relu: activation('relu'),
  relu6: activation('relu6'),
  elu: activation('elu'),
  selu: {
    of: 'output',
    pullBack: (dy, y) => mul(dy, where(less(y, 0), add(y, SELU_SCALE * SELU_ALPHA), SELU_SCALE)),
  },
  // Computed from the input: with a negative slope, the sign of the result does not tell the sign of x.
  leakyRelu: { of: 'input', pullBack: (dy, x, p) => activationGradient(dy, x, 'leakyRelu', p) },
  sigmoid: activation('sigmoid'),
  softplus: { of: 'input', pullBack: (dy, x) => mul(dy, sigmoid(x)) },
  clipByValue: {
    of: 'input',
    pullBack: (dy, x, p, q) => where(logicalAnd(greaterEqual(x, p), lessEqual(x, q)), dy, zerosLike(dy)),
  },
};

function unaryKernel(name: UnaryName, parameter?: string): ParametricUnaryOp {
  return unaryOp(name, (derivatives as Partial<Record<UnaryName, UnaryDerivative>>)[name] ?? null, parameter);
}

function unary(name: UnaryName): UnaryOp {
  return unaryKernel(name);
}

/**
 * The absolute value |x|. int32 gives int32.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.abs([-1, 2]).print(); // 1, 2
 * ```
 */
export const abs = unary('abs');
/**
 * The sign of x: −1, 0 or 1. int32 gives int32. The gradient is 0.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-3, 0, 2]).sign().print()); // -1, 0, 1
 * ```
 */
export const sign = unary('sign');
/**
 * x rounded up to an integer. int32 gives int32. The gradient is 0.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0.2, -1.5]).ceil().print()); // 1, -1
 * ```
 */
export const ceil = unary('ceil');
/**
 * x rounded down to an integer. int32 gives int32. The gradient is 0.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0.2, -1.5]).floor().print()); // 0, -2
 * ```
 */
export const floor = unary('floor');
/**
 * x rounded to the nearest integer; halves are rounded to the even one. int32 gives int32. The gradient is 0.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0.5, 1.5, 2.4]).round().print()); // 0, 2, 2
 * ```
 */
export const round = unary('round');
/**
 * 1 / x.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([2, -4]).reciprocal().print()); // 0.5, -0.25
 * ```
 */
export const reciprocal = unary('reciprocal');
/**
 * x². int32 gives int32.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([2, -3]).square().print()); // 4, 9
 * ```
 */
export const square = unary('square');
/**
 * The square root √x. Its gradient is infinite at 0; {@link where} tells how to keep that out of other gradients.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([4, 9]).sqrt().print()); // 2, 3
 * ```
 */
export const sqrt = unary('sqrt');
/**
 * 1 / √x.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([4, 16]).rsqrt().print()); // 0.5, 0.25
 * ```
 */
export const rsqrt = unary('rsqrt');
/**
 * The exponential eˣ.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).exp().print()); // 1, 2.7183
 * ```
 */
export const exp = unary('exp');
/**
 * eˣ − 1, without the cancellation near 0 of computing it in two steps.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).expm1().print()); // 0, 1.7183
 * ```
 */
export const expm1 = unary('expm1');
/**
 * The natural logarithm; −∞ at 0, NaN for negative x.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, Math.E]).log().print()); // 0, 1
 * ```
 */
export const log = unary('log');
/**
 * log(1 + x), without the rounding error near 0 of computing it in two steps.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).log1p().print()); // 0, 0.6931
 * ```
 */
export const log1p = unary('log1p');
/**
 * The error function 2/√π · ∫₀ˣ e^(−t²) dt. Its second derivative is NaN beyond ±1.8e19, where x² overflows.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).erf().print()); // 0, 0.8427
 * ```
 */
export const erf = unary('erf');
/**
 * The sine of x, in radians.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, Math.PI / 2]).sin().print()); // 0, 1
 * ```
 */
export const sin = unary('sin');
/**
 * The cosine of x, in radians.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, Math.PI]).cos().print()); // 1, -1
 * ```
 */
export const cos = unary('cos');
/**
 * The tangent of x, in radians.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, Math.PI / 4]).tan().print()); // 0, 1
 * ```
 */
export const tan = unary('tan');
/**
 * The inverse sine, in radians, in [−π/2, π/2]; NaN outside [−1, 1].
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).asin().print()); // 0, 1.5708
 * ```
 */
export const asin = unary('asin');
/**
 * The inverse cosine, in radians, in [0, π]; NaN outside [−1, 1].
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).acos().print()); // 1.5708, 0
 * ```
 */
export const acos = unary('acos');
/**
 * The inverse tangent, in radians, in [−π/2, π/2]. Its second derivative is NaN beyond ±1.8e19, where x² overflows.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).atan().print()); // 0, 0.7854
 * ```
 */
export const atan = unary('atan');
/**
 * The hyperbolic sine.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).sinh().print()); // 0, 1.1752
 * ```
 */
export const sinh = unary('sinh');
/**
 * The hyperbolic cosine.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).cosh().print()); // 1, 1.5431
 * ```
 */
export const cosh = unary('cosh');
/**
 * The hyperbolic tangent.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).tanh().print()); // 0, 0.7616
 * ```
 */
export const tanh = unary('tanh');
/**
 * The inverse hyperbolic sine. Beyond ±1.8e19, where x² overflows, its gradient is 0 and its second derivative NaN.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 1]).asinh().print()); // 0, 0.8814
 * ```
 */
export const asinh = unary('asinh');
/**
 * The inverse hyperbolic cosine; NaN for x < 1. At 1 its gradient is infinite, and its second derivative NaN.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).acosh().print()); // 0, 1.317
 * ```
 */
export const acosh = unary('acosh');
/**
 * The inverse hyperbolic tangent; NaN outside [−1, 1].
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 0.5]).atanh().print()); // 0, 0.5493
 * ```
 */
export const atanh = unary('atanh');
/**
 * The rectifier max(x, 0). int32 gives int32. The gradient at 0 is 0.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-1, 0, 2]).relu().print()); // 0, 0, 2
 * ```
 */
export const relu = unary('relu');
/**
 * The rectifier min(max(x, 0), 6). int32 gives int32.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-1, 3, 8]).relu6().print()); // 0, 3, 6
 * ```
 */
export const relu6 = unary('relu6');
/**
 * The exponential linear unit: x where x ≥ 0, else eˣ − 1 (Clevert, Unterthiner & Hochreiter, ICLR 2016).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-1, 0, 2]).elu().print()); // -0.6321, 0, 2
 * ```
 */
export const elu = unary('elu');
/**
 * The scaled exponential linear unit: 1.0507·x where x ≥ 0, else 1.0507·1.6733·(eˣ − 1) (Klambauer et al., NIPS 2017).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-1, 0, 2]).selu().print()); // -1.1113, 0, 2.1014
 * ```
 */
export const selu = unary('selu');
/**
 * The sigmoid 1 / (1 + e⁻ˣ).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 2]).sigmoid().print()); // 0.5, 0.8808
 * ```
 */
export const sigmoid = unary('sigmoid');
/**
 * log(1 + eˣ), without overflow.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 2]).softplus().print()); // 0.6931, 2.1269
 * ```
 */
export const softplus = unary('softplus');
/**
 * Whether x is NaN, as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, Infinity, NaN]).isNaN().print()); // false, false, true
 * ```
 */
export const isNaN = unary('isNaN');
/**
 * Whether x is +∞ or −∞, as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, Infinity, NaN]).isInf().print()); // false, true, false
 * ```
 */
export const isInf = unary('isInf');
/**
 * Whether x is neither infinite nor NaN, as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, Infinity, NaN]).isFinite().print()); // true, false, false
 * ```
 */
export const isFinite = unary('isFinite');
/**
 * Whether x is false (or 0), as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([true, false], 'bool').logicalNot().print()); // false, true
 * ```
 */
export const logicalNot = unary('logicalNot');

/**
 * The logarithm of the sigmoid, computed without overflow as −softplus(−x).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([0, 2]).logSigmoid().print()); // -0.6931, -0.1269
 * ```
 */
export const logSigmoid = op('logSigmoid', function logSigmoid<T extends Tensor>(x: T | TensorInput): T {
  return neg(softplus(neg(asTensor('logSigmoid', 'x', x)))) as T;
}) as KeepsRank<Tensor>;

const leakyReluKernel = unaryKernel('leakyRelu', 'alpha');
/**
 * The leaky rectifier: x where x ≥ 0, else alpha · x; alpha is 0.2 by default.
 *
 * @throws unless alpha is a number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-1, 0, 2]).leakyRelu(0.1).print()); // -0.1, 0, 2
 * ```
 */
export const leakyRelu = takingNull(function leakyRelu<T extends Tensor>(x: T | TensorInput, alpha = 0.2): T {
  return leakyReluKernel(x, alpha) as T;
}) as KeepsRank<Tensor, [alpha?: number]>;

const stepKernel = unaryKernel('step', 'alpha');
/**
 * The step function: 1 where x > 0, else alpha, which is 0 by default; NaN for NaN. The gradient is 0.
 *
 * @throws unless alpha is a number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-1, 0, 2]).step().print()); // 0, 0, 1
 * ```
 */
export const step = takingNull(function step<T extends Tensor>(x: T | TensorInput, alpha = 0): T {
  return stepKernel(x, alpha) as T;
}) as KeepsRank<Tensor, [alpha?: number]>;

const clipKernel = unaryKernel('clipByValue');
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/**
 * Bounds x to [clipValueMin, clipValueMax]. int32 gives int32, bounded to the integers within. The gradient is 0 where x is out of bounds.
 *
 * @throws when clipValueMin > clipValueMax, or when x is int32 and there is no int32 between both
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.clipByValue([-2, 0.5, 3], 0, 1).print(); // 0, 0.5, 1
 * ```
 */
export const clipByValue = op('clipByValue', function clipByValue<
  T extends Tensor,
>(x: T | TensorInput, clipValueMin: number, clipValueMax: number): T {
  assertNumber('clipByValue', 'clipValueMin', clipValueMin);
  assertNumber('clipByValue', 'clipValueMax', clipValueMax);
  const bounds = `arguments 'clipValueMin' and 'clipValueMax' are ${clipValueMin} and ${clipValueMax}`;
  if (!(clipValueMin <= clipValueMax)) throw new Error(`clipByValue: ${bounds}; wanted min ≤ max`);
  const value = asTensor('clipByValue', 'x', x);
  if (value.dtype === 'float32') return clipKernel(value, clipValueMin, clipValueMax) as T;
  // float32 cannot hold every int32, so the bounds are made integers before they go to the kernel.
  const least = Math.max(Math.ceil(clipValueMin), INT32_MIN);
  const greatest = Math.min(Math.floor(clipValueMax), INT32_MAX);
  if (!(least <= greatest)) {
    throw new Error(
      `clipByValue: ${bounds}; wanted an int32 between them, as x is ${value.dtype} (or cast x to float32)`,
    );
  }
  return clipKernel(value, least, greatest) as T;
}) as KeepsRank<Tensor, [clipValueMin: number, clipValueMax: number]>;
