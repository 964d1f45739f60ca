/** Warps of images: every pixel of the result is read at some position in the original. */
import type { Interpolation } from './sampling';

/**
 * What a position outside of the original shows. 'constant' and 'extrapolate': `fill`, which 'constant' also blends in at the border;
 * 'reflect': the original mirrored; 'wrap': the original repeated; 'nearest': its nearest element.
 */
export type Outside = 'constant' | 'extrapolate' | 'reflect' | 'wrap' | 'nearest';

export interface WarpAttributes {
  readonly interpolation: Interpolation;
  readonly outside: Outside;
  /** Channel c takes `fill[c mod 4]`. */
  readonly fill: readonly [number, number, number, number];
}

interface OutsideRow {
  /** The coordinate to read instead of `v`, on an axis of `n` elements; NaN means `fill`. */
  readonly js: (v: number, n: number) => number;
  /** The same as a GLSL expression in the floats `v` and `n`; −2 means `fill`. It may call {@link OUTSIDE_FUNCTIONS}. */
  readonly glsl: string;
}

const clamp = (v: number, n: number): number => Math.min(Math.max(v, 0), n - 1);

function reflected(v: number, n: number): number {
  const within = v - 2 * n * Math.floor(v / (2 * n));
  return clamp(within < n ? within : 2 * n - 1 - within, n);
}

/** In [0, n), but for rounding. Beyond n − 1 the warp blends the last element with the first. */
function wrapped(v: number, n: number): number {
  return v - n * Math.floor(v / n);
}

/** A coordinate beyond the border by at most n·BORDER counts as on it: float32 rounds coordinates by about so much. */
export const BORDER = 2 ** -20;

export const outsideRows: Readonly<Record<Outside, OutsideRow>> = {
  constant: { js: (v) => v, glsl: 'v' },
  extrapolate: {
    js: (v, n) => (v >= -n * BORDER && v <= n - 1 + n * BORDER ? clamp(v, n) : NaN),
    glsl: `v >= -n * ${BORDER} && v <= n - 1.0 + n * ${BORDER} ? clamped(v, n) : -2.0`,
  },
  reflect: { js: reflected, glsl: 'reflected(v, n)' },
  wrap: { js: wrapped, glsl: 'wrapped(v, n)' },
  nearest: { js: clamp, glsl: 'clamped(v, n)' },
};

/** The GLSL functions that the expressions above call. */
export const OUTSIDE_FUNCTIONS = `
  float clamped(float v, float n) { return clamp(v, 0.0, n - 1.0); }
  float reflected(float v, float n) {
    float within = v - 2.0 * n * floor(v / (2.0 * n));
    return clamped(within < n ? within : 2.0 * n - 1.0 - within, n);
  }
  float wrapped(float v, float n) { return v - n * floor(v / n); }
  int repeated(int i, int n) { return i < 0 ? i + n : i >= n ? i - n : i; }`;
