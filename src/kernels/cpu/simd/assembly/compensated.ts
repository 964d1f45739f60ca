import { loadUpTo, storeUpTo } from './lanes';

/*
 * Sums of very many terms. A float32 sum may lose half a unit in the last place with each addition, so its relative error grows
 * with the number of terms. Therefore only short chains of terms are added up plainly. Their sums go to a compensated total, which
 * keeps the part that rounding takes from it (Kahan, "Further remarks on reducing truncation errors", 1965): the error of such a
 * total does not grow with the number of terms. Row sums use totals in float64 instead.
 */

/** The terms of a chain, which are added up plainly: the relative error is at most CHAIN · 2⁻²⁴. */
export const CHAIN: i32 = 128;
/** So many sums of chains are added up plainly before they go to a total. */
export const CHAINS: i32 = 24;

/** Adds the first `count` lanes of x to the total at `total`; `lost` holds what rounding has taken from it. */
@inline
export function addCompensated(x: v128, total: usize, lost: usize, count: i32): void {
  const before = loadUpTo(total, count);
  const term = f32x4.sub(x, loadUpTo(lost, count));
  const after = f32x4.add(before, term);
  const error = f32x4.sub(f32x4.sub(after, before), term);
  storeUpTo(total, after, count);
  // an infinite total has lost nothing: ∞ − ∞ would make it NaN
  storeUpTo(lost, v128.and(error, f32x4.eq(error, error)), count);
}

/** total[i] += x[i] for `length` floats. */
export function addRun(x: usize, total: usize, lost: usize, length: i32): void {
  for (; length > 0; length -= 4) {
    addCompensated(loadUpTo(x, length), total, lost, length);
    x += 16;
    total += 16;
    lost += 16;
  }
}

/** total += x for one float. */
@inline
export function addOneCompensated(x: f32, total: usize, lost: usize): void {
  const before = load<f32>(total);
  const term = x - load<f32>(lost);
  const after = before + term;
  const error = after - before - term;
  store<f32>(total, after);
  store<f32>(lost, error == error ? error : 0);
}

/** The four lanes added up in float64. */
@inline
export function sumOfLanes64(x: v128): f64 {
  const pairs = f64x2.add(f64x2.promote_low_f32x4(x), f64x2.promote_low_f32x4(i32x4.shuffle(x, x, 2, 3, 0, 1)));
  return f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
}
