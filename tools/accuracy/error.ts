/** How far a float32 result is from the exact one. */

const LEAST_NORMAL = 2 ** -126;
/** What the number after the greatest finite one would be. */
const BEYOND_FINITE = 2 ** 128;

/** The distance between float32 numbers at |x|; below the normal range that of denormals. */
function unitInLastPlace(x: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x) || 2 ** -149)), -126);
  return 2 ** (Math.min(exponent, 127) - 23);
}

/**
 * |found − wanted|, with the overflow of either counted as the number after the greatest; Infinity where one is NaN and the other
 * is not, or where the result should be infinite and is not.
 */
function distance(found: number, wanted: number): number {
  if (found === wanted || (Number.isNaN(found) && Number.isNaN(wanted))) return 0;
  if (Number.isNaN(found) || !Number.isFinite(wanted)) return Infinity;
  const clamp = (x: number): number => Math.min(Math.max(x, -BEYOND_FINITE), BEYOND_FINITE);
  return Math.abs(clamp(found) - clamp(wanted));
}

/** In units in the last place of what is wanted. */
export function errorInUlps(found: number, wanted: number): number {
  return distance(found, wanted) / unitInLastPlace(wanted || 0);
}

/** Relative to what is wanted; below the normal range a result may be 0 or anything else that small. */
export function relativeError(found: number, wanted: number): number {
  if (Math.abs(wanted) < LEAST_NORMAL && Math.abs(found) <= LEAST_NORMAL) return 0;
  const error = distance(found, wanted);
  return Number.isFinite(error) ? error / Math.max(Math.abs(wanted), LEAST_NORMAL) : error;
}

/** As a device reads it that knows no denormals. */
export function flushed(x: number): number {
  return Math.abs(x) < LEAST_NORMAL ? 0 * x : x;
}

/** The largest error met, and where. */
export interface Worst {
  readonly error: number;
  /** The arguments, the result and the exact one. */
  readonly at: readonly number[];
  readonly found: number;
  readonly wanted: number;
}
