/** Bounds of rounding errors in float32: Higham, "Accuracy and stability of numerical algorithms", 2002, sections 3.1 and 4.2. */
import type { Operand } from '../support/run-kernel';
import type { Allowed } from './case';

/** Half of the distance from 1 to the next float32: the relative error of one rounding. */
export const ROUNDING = 2 ** -24;
export const FLOAT_MAX = (2 - 2 ** -23) * 2 ** 127;
/** The least normal number. */
export const FLOAT_MIN = 2 ** -126;

/** So many units in the last place of a result, as docs/accuracy.md promises of the CPU, and the relative error it promises of WebGL. */
const ULPS_ON_CPU = 4;
const RELATIVE_ON_WEBGL = 1e-5;

/** The distance from |x| to the next float32 beyond it. */
function unitInLastPlace(x: number): number {
  const magnitude = Math.min(Math.max(Math.abs(x), FLOAT_MIN), FLOAT_MAX);
  return 2 ** (Math.floor(Math.log2(magnitude)) - 23);
}

/** What docs/accuracy.md promises of a function whose exact value is `wanted`. */
export function ofFunction(wanted: number, way: 'cpu' | 'webgl'): number {
  if (Number.isNaN(wanted)) return 0;
  const magnitude = Math.min(Math.abs(wanted), FLOAT_MAX);
  return way === 'cpu' ? ULPS_ON_CPU * unitInLastPlace(wanted) : RELATIVE_ON_WEBGL * magnitude + FLOAT_MIN;
}

/** Each value by its magnitude; what is infinite or no number by 0, since it decides the result whatever is rounded. */
export function magnitudes(operand: Operand): Operand {
  return {
    ...operand,
    values: operand.values.map((value) => (Number.isFinite(value) ? Math.abs(value) : 0)),
  };
}

/**
 * A sum of `terms`, each of which may be a product, in any order: |error| ≤ γ·Σ|terms| with γ = n·u / (1 − n·u), n roundings deep. A
 * term may be denormal and taken for 0. Where the magnitudes leave the range, the order of summation decides between a number, an
 * infinity and NaN: nothing can be said.
 *
 * @param magnitude Σ|terms| as plain TypeScript gives it
 */
export function ofSum(terms: number, magnitude: number): number {
  const depth = (terms + 4) * ROUNDING;
  const error = (depth / (1 - depth)) * magnitude + (terms + 1) * FLOAT_MIN;
  return magnitude + error < FLOAT_MAX ? error : Infinity;
}

/** {@link ofSum} for every element of an output. */
export function ofSums(terms: number, magnitude: readonly number[]): Allowed {
  return (i) => ofSum(terms, magnitude[i]!);
}
