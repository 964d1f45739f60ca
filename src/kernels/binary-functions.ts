/** The table of the functions of two elements. Rows and their GLSL forms are as in unary-functions.ts, with `a` and `b` for `x`. */
import { unaryFunctions } from './unary-functions';

/** A function of two elements of one dtype. Without an `int` form, int32 operands are converted to float32. */
export interface BinaryRow {
  readonly js: (a: number, b: number) => number;
  readonly glsl: string;
  readonly glslFunctions?: string;
  readonly int?: {
    readonly js: (a: number, b: number) => number;
    readonly glsl: string;
    readonly glslFunctions?: string;
  };
  /** 'bool' for comparisons and logic: the result is 0 or 1. */
  readonly result?: 'bool';
}

/** @param js `Number(a < b)` rather than `a < b ? 1 : 0`: it compiles without a branch, which random data would mispredict half the time */
function comparison(js: (a: number, b: number) => number, operator: string): BinaryRow {
  // IEEE 754: with a NaN operand `!=` is true and every other comparison false. GLSL leaves this undefined.
  const unordered = operator === '!=' ? '1.0' : '0.0';
  return {
    js,
    glsl: `is_nan(a) || is_nan(b) ? ${unordered} : a ${operator} b ? 1.0 : 0.0`,
    int: { js, glsl: `a ${operator} b ? 1 : 0` },
    result: 'bool',
  };
}

function logic(js: (a: boolean, b: boolean) => boolean, operator: string): BinaryRow {
  const scalar = (a: number, b: number): number => (js(a !== 0, b !== 0) ? 1 : 0);
  return {
    js: scalar,
    glsl: `(a != 0.0) ${operator} (b != 0.0) ? 1.0 : 0.0`,
    int: { js: scalar, glsl: `(a != 0) ${operator} (b != 0) ? 1 : 0` },
    result: 'bool',
  };
}

/** The remainder with the divisor's sign, as Python's and TensorFlow's floormod. */
function floorModulo(a: number, b: number): number {
  const remainder = a % b;
  return remainder !== 0 && remainder < 0 !== b < 0 ? remainder + b : remainder;
}

/** aᵇ for int32 by repeated squaring; wraps on overflow. For b < 0 the result is 0 unless a is ±1. */
function integerPower(a: number, b: number): number {
  if (b < 0) return a === 1 ? 1 : a === -1 ? (b & 1 ? -1 : 1) : 0;
  let result = 1;
  for (let base = a, power = b; power > 0; power >>= 1, base = Math.imul(base, base)) {
    if (power & 1) result = Math.imul(result, base);
  }
  return result;
}

const binaryTable = {
  add: { js: (a, b) => a + b, glsl: 'a + b', int: { js: (a, b) => a + b, glsl: 'a + b' } },
  sub: { js: (a, b) => a - b, glsl: 'a - b', int: { js: (a, b) => a - b, glsl: 'a - b' } },
  mul: { js: (a, b) => a * b, glsl: 'a * b', int: { js: Math.imul, glsl: 'a * b' } },
  div: {
    js: (a, b) => a / b,
    glsl: 'divide(a, b)',
    glslFunctions: `float divide(float a, float b) {
      // Drivers may compute a · (1/b), which makes x / x differ from 1.
      return a == b && !is_inf(a) && a != 0.0 ? 1.0 : a / b;
    }`,
  },
  divNoNan: { js: (a, b) => (b === 0 ? 0 : a / b), glsl: 'b == 0.0 ? 0.0 : a / b' },
  floorDiv: {
    js: (a, b) => Math.floor(a / b),
    glsl: 'floor(a / b)',
    // GLSL leaves two cases undefined. Here division by zero gives 0 on every backend, and −2³¹ / −1 wraps to −2³¹, as int32 sums wrap.
    int: {
      js: (a, b) => (b === 0 ? 0 : Math.floor(a / b)),
      glsl: 'floor_div(a, b)',
      glslFunctions: `int floor_div(int a, int b) {
        if (b == 0) return 0;
        if (b == -1) return -a;
        int quotient = a / b;
        return quotient * b != a && (a < 0) != (b < 0) ? quotient - 1 : quotient;
      }`,
    },
  },
  mod: {
    js: floorModulo,
    glsl: 'floor_mod(a, b)',
    // a − b·trunc(a / b) loses all digits where the quotient is large. Long division of the significands is exact.
    glslFunctions: `float floor_mod(float a, float b) {
      if (b == 0.0 || is_nan(a) || is_nan(b) || is_inf(a)) return NAN;
      bool opposite = (a < 0.0) != (b < 0.0);
      if (is_inf(b)) return a == 0.0 || !opposite ? a : b;
      uint p = floatBitsToUint(abs(a)), q = floatBitsToUint(abs(b));
      if (p < q) return a != 0.0 && opposite ? a + b : a;
      int exponent = max(int(q >> 23), 1);
      uint divisor = (q & 0x7fffffu) | (q < 0x800000u ? 0u : 0x800000u);
      uint rest = ((p & 0x7fffffu) | (p < 0x800000u ? 0u : 0x800000u)) % divisor;
      // Eight binary places at a time, since rest < divisor < 2²⁴ and an uint has 32 bits.
      for (int places = max(int(p >> 23), 1) - exponent; places > 0 && rest != 0u; places -= 8)
        rest = (rest << uint(min(places, 8))) % divisor;
      if (opposite && rest != 0u) rest = divisor - rest;
      // rest · 2^(exponent − 150), in two steps where that power is subnormal.
      float remainder = exponent < 24
        ? float(rest) * uintBitsToFloat(uint(exponent + 103) << 23) * uintBitsToFloat(0x800000u)
        : float(rest) * uintBitsToFloat(uint(exponent - 23) << 23);
      return b < 0.0 ? -remainder : remainder;
    }`,
    int: {
      js: (a, b) => (b === 0 ? 0 : floorModulo(a, b)),
      glsl: 'floor_mod(a, b)',
      glslFunctions: `int floor_mod(int a, int b) {
        if (b == 0 || b == -1) return 0;
        int remainder = a - b * (a / b);
        return remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder;
      }`,
    },
  },
  pow: {
    // As IEEE 754 defines pow. JavaScript's pow gives NaN for ±1 to an infinite power.
    js: (a, b) =>
      a === 1 || b === 0 || (a === -1 && (b === Infinity || b === -Infinity)) ? 1 : Math.pow(a, b),
    glsl: 'power(a, b)',
    // GLSL leaves pow undefined for a negative base: the power of −a is computed, and negated where b is odd. Near a = 1 the error of
    // log₂ a grows with b, so that log1p(a − 1) takes its place; a − 1 is exact there.
    glslFunctions: `${unaryFunctions.log1p.glslFunctions!}
    float positive_power(float a, float b) {
      return abs(a - 1.0) < 0.06 ? exp(b * log1p_(a - 1.0)) : pow(a, b);
    }
    float power(float a, float b) {
      if (b == 0.0 || a == 1.0) return 1.0;
      if (is_nan(a) || is_nan(b)) return NAN;
      if (b == 1.0) return a;
      if (b == 2.0) return a * a;
      bool odd = b == floor(b) && floor(b * 0.5) * 2.0 != b;
      if (a == 0.0) {
        float magnitude = b > 0.0 ? 0.0 : INFINITY;
        return odd && floatBitsToUint(a) >= 0x80000000u ? -magnitude : magnitude;
      }
      if (a > 0.0) return positive_power(a, b);
      if (is_inf(b)) return a == -1.0 ? 1.0 : positive_power(-a, b);
      if (b != floor(b)) return is_inf(a) ? (b > 0.0 ? INFINITY : 0.0) : NAN;
      float magnitude = positive_power(-a, b);
      return odd ? -magnitude : magnitude;
    }`,
    int: {
      js: integerPower,
      glsl: 'power(a, b)',
      glslFunctions: `int power(int a, int b) {
        if (b < 0) return a == 1 ? 1 : a == -1 ? ((b & 1) == 1 ? -1 : 1) : 0;
        int result = 1;
        for (; b > 0; b >>= 1) { if ((b & 1) == 1) result *= a; a *= a; }
        return result;
      }`,
    },
  },
  maximum: {
    js: (a, b) => (a > b || a !== a ? a : b),
    glsl: 'is_nan(a) ? a : is_nan(b) ? b : max(a, b)',
    int: { js: (a, b) => (a > b ? a : b), glsl: 'max(a, b)' },
  },
  minimum: {
    js: (a, b) => (a < b || a !== a ? a : b),
    glsl: 'is_nan(a) ? a : is_nan(b) ? b : min(a, b)',
    int: { js: (a, b) => (a < b ? a : b), glsl: 'min(a, b)' },
  },
  squaredDifference: {
    js: (a, b) => (a - b) * (a - b),
    glsl: '(a - b) * (a - b)',
    int: { js: (a, b) => Math.imul(a - b, a - b), glsl: '(a - b) * (a - b)' },
  },
  atan2: {
    js: Math.atan2,
    glsl: 'arc_tangent(a, b)',
    glslFunctions: `float arc_tangent(float y, float x) {
      if (is_nan(x) || is_nan(y)) return NAN;
      bool negative = (floatBitsToUint(x) & 0x80000000u) != 0u;
      if (y == 0.0) return negative ? ((floatBitsToUint(y) & 0x80000000u) != 0u ? -3.14159265359 : 3.14159265359) : y;
      if (is_inf(x) && is_inf(y)) return sign(y) * (negative ? 2.35619449019 : 0.78539816340);
      if (is_inf(x)) return negative ? sign(y) * 3.14159265359 : sign(y) * 0.0;
      return x == 0.0 || is_inf(y) ? sign(y) * 1.57079632679 : atan(y, x);
    }`,
  },
  /** b: the slope below zero. */
  prelu: { js: (a, b) => (a < 0 ? a * b : a), glsl: 'a < 0.0 ? a * b : a' },
  bitwiseAnd: {
    js: (a, b) => a & b,
    glsl: 'float(int(a) & int(b))',
    int: { js: (a, b) => a & b, glsl: 'a & b' },
  },
  equal: comparison((a, b) => Number(a === b), '=='),
  notEqual: comparison((a, b) => Number(a !== b), '!='),
  less: comparison((a, b) => Number(a < b), '<'),
  lessEqual: comparison((a, b) => Number(a <= b), '<='),
  greater: comparison((a, b) => Number(a > b), '>'),
  greaterEqual: comparison((a, b) => Number(a >= b), '>='),
  logicalAnd: logic((a, b) => a && b, '&&'),
  logicalOr: logic((a, b) => a || b, '||'),
  logicalXor: logic((a, b) => a !== b, '^^'),
} satisfies Record<string, BinaryRow>;

export type BinaryName = keyof typeof binaryTable;
export const binaryFunctions: Readonly<Record<BinaryName, BinaryRow>> = binaryTable;
