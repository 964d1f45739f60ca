/** Bounds for the error of float32 sums. They follow from the arithmetic, so that no random values exceed them. */

/** The largest relative error of one rounding to float32. */
export const ROUNDING = 2 ** -24;
/** The least normal float32. Below it the rounding error is absolute, and devices without denormals give 0. */
const LEAST_NORMAL = 2 ** -126;

/** The error that the library promises, relative to Σ |terms| (docs/accuracy.md). */
export const PROMISED = {
  /** Reductions and pools, up to 2²⁶ terms. */
  reduction: 2e-6,
  /** Products, their gradients, and scatters, up to 10⁷ terms on the CPU; scatters on WebGL up to 2²⁰ terms for each sum. */
  product: 1e-5,
} as const;

/**
 * The largest error of a float32 sum in any order: γₙ·Σ |terms| with γₙ = n·u / (1 − n·u) (Higham, "Accuracy and Stability of
 * Numerical Algorithms", 2002, §4.2), or the promised error of long sums, if that is less.
 *
 * @param terms the number of terms; the rounding of a term that is a product is included in the bound
 * @param magnitude Σ |terms|, exact
 */
export function boundOfSum(terms: number, magnitude: number, promised: number = PROMISED.product): number {
  // One rounding for each addition, one for a term that is a product, and one for the final result.
  const roundings = (terms + 2) * ROUNDING;
  return Math.min(roundings / (1 - roundings), promised) * magnitude + (terms + 2) * LEAST_NORMAL;
}

/** A sum and the sum of its terms' magnitudes. */
export interface ExactSum {
  readonly value: number;
  readonly magnitude: number;
}

/** Σ term(k) and Σ |term(k)|, in float64 with compensation (Kahan 1965): accurate enough for any number of terms. */
export function exactSum(count: number, term: (k: number) => number): ExactSum {
  let value = 0;
  let lost = 0;
  let magnitude = 0;
  for (let k = 0; k < count; k++) {
    const each = term(k);
    const next = each - lost;
    const grown = value + next;
    lost = grown - value - next;
    value = grown;
    magnitude += Math.abs(each);
  }
  return { value, magnitude };
}
