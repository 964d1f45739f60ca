/** How far sums of float32 may be from the exact ones: bounds that follow from the arithmetic, so that no drawn values exceed them. */

/** What one rounding to float32 changes at most, relative to its result. */
export const ROUNDING = 2 ** -24;
/** Below this, results of float32 are rounded absolutely, or flushed to 0 by a device without denormals. */
const LEAST_NORMAL = 2 ** -126;

/** What the library promises, relative to Σ |terms|, however many terms there are (docs/accuracy.md). */
export const PROMISED = {
  /** Reductions and pools, up to 2²⁶ terms. */
  reduction: 2e-6,
  /** Products, their gradients and scatters on the CPU, up to 10⁷ terms; scatters on WebGL up to 2²⁰ terms a slot. */
  product: 1e-5,
} as const;

/**
 * The greatest error of a sum in float32, in whatever order: γₙ·Σ |terms| with γₙ = n·u / (1 − n·u) (Higham, "Accuracy and Stability
 * of Numerical Algorithms", 2002, §4.2), or what is promised of long sums where that is less.
 *
 * @param terms how many are added up; where each is a product, its own rounding is counted
 * @param magnitude Σ |terms|, exact
 */
export function boundOfSum(terms: number, magnitude: number, promised: number = PROMISED.product): number {
  // One rounding for each addition, two more for the term itself and for what is done with the sum.
  const roundings = (terms + 2) * ROUNDING;
  return Math.min(roundings / (1 - roundings), promised) * magnitude + (terms + 2) * LEAST_NORMAL;
}

/** A sum and the sum of its terms' magnitudes. */
export interface ExactSum {
  readonly value: number;
  readonly magnitude: number;
}

/** Σ term(k), in float64 with compensation (Kahan 1965): exact enough for any number of terms. */
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
