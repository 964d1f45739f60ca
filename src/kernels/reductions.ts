/**
 * The table of reductions. A row says how two partial results combine, the initial one, and whether the result is a mean.
 * Backends add up blocks or in float64, never in one long float32 chain, whose error grows with n (Higham, "The accuracy
 * of floating point summation", 1993).
 */
export interface ReductionRow {
  readonly initial: number;
  readonly js: (a: number, b: number) => number;
  /** A GLSL expression in `float a, b`; see unary-functions.ts for the functions of the prelude. */
  readonly glsl: string;
  /** The exact form for int32, and in GLSL for `int a, b`. */
  readonly int: {
    readonly initial: number;
    readonly js: (a: number, b: number) => number;
    readonly glsl: string;
  };
  /** Whether the result is divided by the number of reduced elements. */
  readonly mean?: true;
}

const INT_MAX = 2147483647;
const INT_MIN = -2147483648;
const plus = { initial: 0, js: (a: number, b: number) => (a + b) | 0, glsl: 'a + b' };

const reductionTable = {
  sum: { initial: 0, js: (a, b) => a + b, glsl: 'a + b', int: plus },
  mean: { initial: 0, js: (a, b) => a + b, glsl: 'a + b', int: plus, mean: true },
  prod: { initial: 1, js: (a, b) => a * b, glsl: 'a * b', int: { initial: 1, js: Math.imul, glsl: 'a * b' } },
  max: {
    initial: -Infinity,
    js: (a, b) => (a > b || a !== a ? a : b),
    glsl: 'is_nan(a) ? a : is_nan(b) ? b : max(a, b)',
    int: { initial: INT_MIN, js: (a, b) => (a > b ? a : b), glsl: 'max(a, b)' },
  },
  min: {
    initial: Infinity,
    js: (a, b) => (a < b || a !== a ? a : b),
    glsl: 'is_nan(a) ? a : is_nan(b) ? b : min(a, b)',
    int: { initial: INT_MAX, js: (a, b) => (a < b ? a : b), glsl: 'min(a, b)' },
  },
  all: {
    initial: 1,
    js: (a, b) => (a && b ? 1 : 0),
    glsl: 'a != 0.0 && b != 0.0 ? 1.0 : 0.0',
    int: { initial: 1, js: (a, b) => (a && b ? 1 : 0), glsl: 'a != 0 && b != 0 ? 1 : 0' },
  },
  any: {
    initial: 0,
    js: (a, b) => (a || b ? 1 : 0),
    glsl: 'a != 0.0 || b != 0.0 ? 1.0 : 0.0',
    int: { initial: 0, js: (a, b) => (a || b ? 1 : 0), glsl: 'a != 0 || b != 0 ? 1 : 0' },
  },
} satisfies Record<string, ReductionRow>;

export type ReductionName = keyof typeof reductionTable;
export const reductions: Readonly<Record<ReductionName, ReductionRow>> = reductionTable;
