/**
 * The table of the functions of one element; binary-functions.ts has those of two. Each function is one row, with a scalar form in
 * TypeScript and one in GLSL ES 3.00. Every backend derives its kernels from these rows, and the tensor layer its dtype rules.
 *
 * In a GLSL form `x` (or `a` and `b`) is a `float`, in an `int` form an `int`; `p` and `q` are the row's parameters.
 * A form may call functions of the language and of the prelude that every backend's shaders begin with: `is_nan(x)`
 * and `is_inf(x)` (by bit patterns, since drivers optimise `isnan` away), `NAN`, `INFINITY`, and `half_even(x)`
 * (round half to even). A comparison is written so that NaN takes the right branch: `x < 0.0 ? 0.0 : x` keeps NaN,
 * `max(x, 0.0)` may not.
 */
import { erf } from './erf';
import { glslTrigonometry } from './glsl-trigonometry';

/** A function of one element: float32 → float32, unless `result` says otherwise. */
export interface UnaryRow {
  readonly js: (x: number, p: number, q: number) => number;
  readonly glsl: string;
  /** Functions that the GLSL form calls. */
  readonly glslFunctions?: string;
  /**
   * The exact form int32 → int32, also for bool read as int32. In its GLSL `p` and `q` are `int` too. Without it, int32 inputs are
   * converted to float32 first.
   */
  readonly int?: { readonly js: (x: number, p: number, q: number) => number; readonly glsl: string };
  /** 'bool' for predicates: the result is 0 or 1. */
  readonly result?: 'bool';
}

const SELU_SCALE = 1.0507009873554805;
const SELU_ALPHA = 1.6732632423543772;

/** Rounds half to even, as IEEE 754's roundToIntegralTiesToEven and NumPy do. */
function roundHalfToEven(x: number): number {
  const floor = Math.floor(x);
  const difference = x - floor;
  if (difference < 0.5) return floor;
  if (difference > 0.5) return Math.ceil(x);
  return floor % 2 === 0 ? floor : floor + 1;
}

const unaryTable = {
  abs: { js: Math.abs, glsl: 'abs(x)', int: { js: (x) => (x < 0 ? -x : x), glsl: 'abs(x)' } },
  neg: { js: (x) => -x, glsl: '-x', int: { js: (x) => -x, glsl: '-x' } },
  sign: {
    js: (x) => (x > 0 ? 1 : x < 0 ? -1 : x === 0 ? 0 : NaN),
    glsl: 'is_nan(x) ? NAN : sign(x)',
    int: { js: Math.sign, glsl: 'sign(x)' },
  },
  ceil: { js: Math.ceil, glsl: 'ceil(x)', int: { js: (x) => x, glsl: 'x' } },
  floor: { js: Math.floor, glsl: 'floor(x)', int: { js: (x) => x, glsl: 'x' } },
  round: { js: roundHalfToEven, glsl: 'half_even(x)', int: { js: (x) => x, glsl: 'x' } },
  reciprocal: { js: (x) => 1 / x, glsl: '1.0 / x' },
  square: { js: (x) => x * x, glsl: 'x * x', int: { js: (x) => Math.imul(x, x), glsl: 'x * x' } },
  sqrt: { js: Math.sqrt, glsl: 'x < 0.0 ? NAN : sqrt(x)' },
  rsqrt: { js: (x) => 1 / Math.sqrt(x), glsl: 'x < 0.0 ? NAN : inversesqrt(x)' },
  exp: {
    js: Math.exp,
    glsl: 'exp_(x)',
    // Computed before the choice: drivers make a branch of a call in a choice, which takes longer.
    glslFunctions: 'float exp_(float x) { float y = exp(x); return is_nan(x) ? x : y; }',
  },
  expm1: {
    js: Math.expm1,
    glsl: 'expm1_(x)',
    // Near zero exp(x) − 1 cancels. The Taylor polynomial is accurate to float32 there, and keeps NaN.
    glslFunctions: `float expm1_(float x) {
      float near = x * (1.0 + x * (0.5 + x * (1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0 + x * (1.0 / 5040.0)))))));
      float far = exp(x) - 1.0;
      return abs(x) >= 0.35 ? far : near;
    }`,
  },
  log: { js: Math.log, glsl: 'x < 0.0 || is_nan(x) ? NAN : x == 0.0 ? -INFINITY : log(x)' },
  log1p: {
    js: Math.log1p,
    glsl: 'log1p_(x)',
    // Goldberg, "What every computer scientist should know about floating-point arithmetic" (1991), theorem 4.
    glslFunctions: `float log1p_(float x) {
      if (x < -1.0 || is_nan(x)) return NAN;
      if (x == -1.0) return -INFINITY;
      if (is_inf(x)) return x;
      if (abs(x) < 0.06) return x * (1.0 - x * (0.5 - x * (1.0 / 3.0 - x * (0.25 - x * (0.2 - x / 6.0)))));
      return log(1.0 + x);
    }`,
  },
  erf: {
    js: erf,
    glsl: 'erf_(x)',
    // The Taylor series near zero, beyond it Abramowitz & Stegun 7.1.26.
    glslFunctions: `float erf_(float x) {
      if (is_nan(x)) return x;
      float z = abs(x);
      if (z < 0.75) {
        float s = x * x;
        return 1.1283791671 * x * (1.0 + s * (-1.0 / 3.0 + s * (0.1 + s * (-1.0 / 42.0 + s * (1.0 / 216.0 + s * (-1.0 / 1320.0 + s * (1.0 / 9360.0 - s / 75600.0)))))));
      }
      if (z > 4.0) return sign(x);
      float t = 1.0 / (1.0 + 0.3275911 * z);
      float tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
      return sign(x) * (1.0 - tail * exp(-z * z));
    }`,
  },
  sin: { js: Math.sin, glsl: 'sine(x, 0)', glslFunctions: glslTrigonometry },
  cos: { js: Math.cos, glsl: 'sine(x, 1)', glslFunctions: glslTrigonometry },
  tan: { js: Math.tan, glsl: 'tangent(x)', glslFunctions: glslTrigonometry },
  // Some drivers give π for the arc tangent of −0, so that 0 is returned as it is.
  asin: { js: Math.asin, glsl: 'x == 0.0 ? x : abs(x) <= 1.0 ? atan(x, sqrt((1.0 - x) * (1.0 + x))) : NAN' },
  acos: { js: Math.acos, glsl: 'abs(x) <= 1.0 ? atan(sqrt((1.0 - x) * (1.0 + x)), x) : NAN' },
  atan: { js: Math.atan, glsl: 'is_nan(x) ? x : atan(x)' },
  sinh: {
    js: Math.sinh,
    glsl: 'sinh_(x)',
    glslFunctions: `float sinh_(float x) {
      if (is_nan(x) || is_inf(x)) return x;
      float s = x * x;
      if (abs(x) < 0.6) return x * (1.0 + s * (1.0 / 6.0 + s * (1.0 / 120.0 + s / 5040.0)));
      float e = exp(0.5 * abs(x));
      return sign(x) * (0.5 * e * e - 0.5 / (e * e));
    }`,
  },
  cosh: {
    js: Math.cosh,
    glsl: 'cosh_(x)',
    glslFunctions: `float cosh_(float x) {
      if (is_nan(x)) return x;
      float e = exp(0.5 * abs(x));
      return 0.5 * e * e + 0.5 / (e * e);
    }`,
  },
  tanh: {
    js: Math.tanh,
    glsl: 'tanh_(x)',
    glslFunctions: `float tanh_(float x) {
      if (is_nan(x)) return x;
      float s = x * x;
      if (abs(x) < 0.3) return x * (1.0 + s * (-1.0 / 3.0 + s * (2.0 / 15.0 + s * (-17.0 / 315.0 + s * 62.0 / 2835.0))));
      float e = exp(-2.0 * abs(x));
      return sign(x) * (1.0 - e) / (1.0 + e);
    }`,
  },
  asinh: {
    js: Math.asinh,
    glsl: 'asinh_(x)',
    glslFunctions: `float asinh_(float x) {
      if (is_nan(x) || is_inf(x)) return x;
      float z = abs(x), s = x * x;
      if (z < 0.25) return x * (1.0 + s * (-1.0 / 6.0 + s * (3.0 / 40.0 + s * (-15.0 / 336.0 + s * 105.0 / 3456.0))));
      return sign(x) * (z > 1e9 ? log(z) + 0.69314718056 : log(z + sqrt(s + 1.0)));
    }`,
  },
  acosh: {
    js: Math.acosh,
    glsl: 'acosh_(x)',
    glslFunctions: `float acosh_(float x) {
      if (is_nan(x) || x < 1.0) return NAN;
      if (is_inf(x)) return x;
      if (x > 1e9) return log(x) + 0.69314718056;
      float t = x - 1.0, r = sqrt(t * (t + 2.0));
      float u = t + r;
      return u < 0.06 ? u * (1.0 - u * (0.5 - u * (1.0 / 3.0 - u * 0.25))) : log(1.0 + u);
    }`,
  },
  atanh: {
    js: Math.atanh,
    glsl: 'atanh_(x)',
    glslFunctions: `float atanh_(float x) {
      if (is_nan(x) || abs(x) > 1.0) return NAN;
      if (abs(x) == 1.0) return x * INFINITY;
      float s = x * x;
      if (abs(x) < 0.25) return x * (1.0 + s * (1.0 / 3.0 + s * (0.2 + s * (1.0 / 7.0 + s / 9.0))));
      return 0.5 * log((1.0 + x) / (1.0 - x));
    }`,
  },
  relu: {
    js: (x) => (x < 0 ? 0 : x),
    glsl: 'x < 0.0 ? 0.0 : x',
    int: { js: (x) => (x < 0 ? 0 : x), glsl: 'max(x, 0)' },
  },
  relu6: {
    js: (x) => (x < 0 ? 0 : x > 6 ? 6 : x),
    glsl: 'x < 0.0 ? 0.0 : x > 6.0 ? 6.0 : x',
    int: { js: (x) => (x < 0 ? 0 : x > 6 ? 6 : x), glsl: 'clamp(x, 0, 6)' },
  },
  elu: {
    js: (x) => (x < 0 ? Math.expm1(x) : x),
    glsl: 'elu_(x)',
    get glslFunctions(): string {
      return `${unaryTable.expm1.glslFunctions}
      float elu_(float x) { float y = expm1_(x); return x < 0.0 ? y : x; }`;
    },
  },
  selu: {
    js: (x) => (x < 0 ? SELU_SCALE * SELU_ALPHA * Math.expm1(x) : SELU_SCALE * x),
    glsl: `x < 0.0 ? ${SELU_SCALE * SELU_ALPHA} * expm1_(x) : ${SELU_SCALE} * x`,
    get glslFunctions(): string {
      return unaryTable.expm1.glslFunctions;
    },
  },
  /** p: the slope below zero. */
  leakyRelu: { js: (x, p) => (x < 0 ? p * x : x), glsl: 'x < 0.0 ? p * x : x' },
  sigmoid: {
    js: (x) => (x < 0 ? Math.exp(x) / (1 + Math.exp(x)) : 1 / (1 + Math.exp(-x))),
    glsl: 'sigmoid_(x)',
    glslFunctions: 'float sigmoid_(float x) { float y = 1.0 / (1.0 + exp(-x)); return is_nan(x) ? x : y; }',
  },
  /** log(1 + eˣ) without overflow: max(x, 0) + log1p(e^−|x|). */
  softplus: {
    js: (x) => (x < 0 ? 0 : x) + Math.log1p(Math.exp(-Math.abs(x))),
    glsl: '(x < 0.0 ? 0.0 : x) + log1p_(is_nan(x) ? x : exp(-abs(x)))',
    get glslFunctions(): string {
      return unaryTable.log1p.glslFunctions;
    },
  },
  /** p: the value where x is not positive. */
  step: { js: (x, p) => (x > 0 ? 1 : x <= 0 ? p : NaN), glsl: 'is_nan(x) ? NAN : x > 0.0 ? 1.0 : p' },
  /** p: the least value, q: the greatest. For int32 both are whole numbers in its range. */
  clipByValue: {
    js: (x, p, q) => (x < p ? p : x > q ? q : x),
    glsl: 'x < p ? p : x > q ? q : x',
    int: {
      js: (x, p, q) => (x < p ? p : x > q ? q : x),
      glsl: 'x < p ? p : x > q ? q : x',
    },
  },
  isNaN: { js: (x) => (Number.isNaN(x) ? 1 : 0), glsl: 'is_nan(x) ? 1.0 : 0.0', result: 'bool' },
  isInf: {
    js: (x) => (x === Infinity || x === -Infinity ? 1 : 0),
    glsl: 'is_inf(x) ? 1.0 : 0.0',
    result: 'bool',
  },
  isFinite: {
    js: (x) => (Number.isFinite(x) ? 1 : 0),
    glsl: 'is_nan(x) || is_inf(x) ? 0.0 : 1.0',
    result: 'bool',
  },
  logicalNot: {
    js: (x) => (x === 0 ? 1 : 0),
    glsl: 'x == 0.0 ? 1.0 : 0.0',
    int: { js: (x) => (x === 0 ? 1 : 0), glsl: 'x == 0 ? 1 : 0' },
    result: 'bool',
  },
} satisfies Record<string, UnaryRow>;

export type UnaryName = keyof typeof unaryTable;
export const unaryFunctions: Readonly<Record<UnaryName, UnaryRow>> = unaryTable;
