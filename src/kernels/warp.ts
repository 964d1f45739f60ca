/** Warps of images: every place of the result looks somewhere into the original. */
import type { Interpolation } from './sampling';

/**
 * What is seen outside of the original: `fill` ('constant' blends it in at the border, 'extrapolate' takes it as soon as a place is
 * outside), or the original mirrored, repeated, or its nearest element.
 */
export type Outside = 'constant' | 'extrapolate' | 'reflect' | 'wrap' | 'nearest';

export interface WarpAttributes {
  readonly interpolation: Interpolation;
  readonly outside: Outside;
  /** Of channel c: `fill[c mod 4]`. */
  readonly fill: readonly [number, number, number, number];
}

interface OutsideRow {
  /** The coordinate looked at instead of `v`, on an axis of `n` elements; NaN for none. */
  readonly js: (v: number, n: number) => number;
  /** The same as a GLSL expression in floats `v` and `n`; `clamped` is v within the axis. */
  readonly glsl: string;
}

const clamp = (v: number, n: number): number => Math.min(Math.max(v, 0), n - 1);

function reflected(v: number, n: number): number {
  const within = v - 2 * n * Math.floor(v / (2 * n));
  return clamp(within < n ? within : 2 * n - 1 - within, n);
}

/** In [0, n), but for rounding. Between the last element and the next, which is the first again, the warp blends the two. */
function wrapped(v: number, n: number): number {
  return v - n * Math.floor(v / n);
}

/** So far beyond the border a place still counts as on it: the rounding of coordinates in float32, relative to the axis. */
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

/** What the GLSL expressions above call. A coordinate of −2 has no neighbour inside. */
export const OUTSIDE_FUNCTIONS = `
  float clamped(float v, float n) { return clamp(v, 0.0, n - 1.0); }
  float reflected(float v, float n) {
    float within = v - 2.0 * n * floor(v / (2.0 * n));
    return clamped(within < n ? within : 2.0 * n - 1.0 - within, n);
  }
  float wrapped(float v, float n) { return v - n * floor(v / n); }
  int repeated(int i, int n) { return i < 0 ? i + n : i >= n ? i - n : i; }`;
