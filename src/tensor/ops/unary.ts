/** Unary elementwise ops, but for the negation, which arithmetic needs. The functions are rows of the elementwise table; here are their derivatives. */
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

export type { UnaryOp } from './unary-op';

const TWO_OVER_SQRT_PI = 1.1283791670955126;
const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** A derivative that one kernel multiplies by dy. */
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
  // With a negative slope the result does not tell the side of zero.
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
  return unaryKernel(name) as UnaryOp;
}

/** |x|. */
export const abs = unary('abs');
/** −1, 0 or 1. */
export const sign = unary('sign');
/** x rounded up. */
export const ceil = unary('ceil');
/** x rounded down. */
export const floor = unary('floor');
/** x rounded to the nearest integer, halves to the even one. */
export const round = unary('round');
/** 1 / x. */
export const reciprocal = unary('reciprocal');
/** x². */
export const square = unary('square');
/** √x. At 0 its gradient is infinite; see {@link where} for roots that are not chosen. */
export const sqrt = unary('sqrt');
/** 1 / √x. */
export const rsqrt = unary('rsqrt');
/** eˣ. */
export const exp = unary('exp');
/** eˣ − 1, exact near 0. */
export const expm1 = unary('expm1');
/** The natural logarithm. */
export const log = unary('log');
/** log(1 + x), exact near 0. */
export const log1p = unary('log1p');
/** The error function. Beyond ±1.8e19, where the square of x overflows, its second derivative is NaN. */
export const erf = unary('erf');
/** Sine; x in radians. */
export const sin = unary('sin');
/** Cosine; x in radians. */
export const cos = unary('cos');
/** Tangent; x in radians. */
export const tan = unary('tan');
/** Inverse sine, in [−π/2, π/2]. */
export const asin = unary('asin');
/** Inverse cosine, in [0, π]. */
export const acos = unary('acos');
/** Inverse tangent, in [−π/2, π/2]. Beyond ±1.8e19, where the square of x overflows, its second derivative is NaN. */
export const atan = unary('atan');
/** Hyperbolic sine. */
export const sinh = unary('sinh');
/** Hyperbolic cosine. */
export const cosh = unary('cosh');
/** Hyperbolic tangent. */
export const tanh = unary('tanh');
/** Inverse hyperbolic sine. Beyond ±1.8e19, where the square of x overflows, its gradient is 0 and its second derivative NaN. */
export const asinh = unary('asinh');
/** Inverse hyperbolic cosine. At 1 its gradient is infinite, and its second derivative NaN. */
export const acosh = unary('acosh');
/** Inverse hyperbolic tangent. */
export const atanh = unary('atanh');
/** max(x, 0). */
export const relu = unary('relu');
/** min(max(x, 0), 6). */
export const relu6 = unary('relu6');
/** x where x ≥ 0, else eˣ − 1. Clevert, Unterthiner & Hochreiter, ICLR 2016. */
export const elu = unary('elu');
/** The scaled exponential unit. Klambauer et al., NIPS 2017. */
export const selu = unary('selu');
/** 1 / (1 + e⁻ˣ). */
export const sigmoid = unary('sigmoid');
/** log(1 + eˣ), without overflow. */
export const softplus = unary('softplus');
/** True where x is not a number. */
export const isNaN = unary('isNaN');
/** True where x is infinite. */
export const isInf = unary('isInf');
/** True where x is neither infinite nor not a number. */
export const isFinite = unary('isFinite');
/** True where x is 0 (or false). */
export const logicalNot = unary('logicalNot');

/** log of the sigmoid, without overflow: −softplus(−x). */
export const logSigmoid = op('logSigmoid', function logSigmoid<T extends Tensor>(x: T | TensorInput): T {
  return neg(softplus(neg(asTensor('logSigmoid', 'x', x)))) as T;
});

const leakyReluKernel = unaryKernel('leakyRelu', 'alpha');
/** x where x ≥ 0, else alpha · x. */
export const leakyRelu = takingNull(function leakyRelu<T extends Tensor>(x: T | TensorInput, alpha = 0.2): T {
  return leakyReluKernel(x, alpha) as T;
});

const stepKernel = unaryKernel('step', 'alpha');
/** 1 where x > 0, else alpha. */
export const step = takingNull(function step<T extends Tensor>(x: T | TensorInput, alpha = 0): T {
  return stepKernel(x, alpha) as T;
});

const clipKernel = unaryKernel('clipByValue');
const INT32_MIN = -(2 ** 31);
const INT32_MAX = 2 ** 31 - 1;

/**
 * x bounded to [min, max]; int32 to the whole numbers of it.
 *
 * @throws when min > max, or when x is int32 and there is no int32 in [min, max]
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
  // A float32 has not the digits of every int32: the bounds go to the kernel as whole numbers.
  const least = Math.max(Math.ceil(clipValueMin), INT32_MIN);
  const greatest = Math.min(Math.floor(clipValueMax), INT32_MAX);
  if (!(least <= greatest)) {
    throw new Error(
      `clipByValue: ${bounds}; wanted an int32 between them, as x is ${value.dtype} (or cast x to float32)`,
    );
  }
  return clipKernel(value, least, greatest) as T;
});
