/** Measures how far a float32 result is from the exact one. */

const LEAST_NORMAL = 2 ** -126;
/** The number that would follow the greatest finite float32. */
const BEYOND_FINITE = 2 ** 128;

/** The distance between neighbouring float32 numbers at |x|; below the normal range the distance between denormals. */
function unitInLastPlace(x: number): number {
  const exponent = Math.max(Math.floor(Math.log2(Math.abs(x) || 2 ** -149)), -126);
  return 2 ** (Math.min(exponent, 127) - 23);
}

/**
 * |found − wanted|. A result that overflows counts as {@link BEYOND_FINITE}. The distance is Infinity if only one of both is NaN, or if
 * the result should be infinite and is not.
 */
function distance(found: number, wanted: number): number {
  if (found === wanted || (Number.isNaN(found) && Number.isNaN(wanted))) return 0;
  if (Number.isNaN(found) || !Number.isFinite(wanted)) return Infinity;
  const clamp = (x: number): number => Math.min(Math.max(x, -BEYOND_FINITE), BEYOND_FINITE);
  return Math.abs(clamp(found) - clamp(wanted));
}

/** The error in units in the last place of `wanted`. */
export function errorInUlps(found: number, wanted: number): number {
  return distance(found, wanted) / unitInLastPlace(wanted || 0);
}

/** The error relative to `wanted`. If that is below the normal range, any result below it counts as right. */
export function relativeError(found: number, wanted: number): number {
  if (Math.abs(wanted) < LEAST_NORMAL && Math.abs(found) <= LEAST_NORMAL) return 0;
  const error = distance(found, wanted);
  return Number.isFinite(error) ? error / Math.max(Math.abs(wanted), LEAST_NORMAL) : error;
}

/** A number as read by a device without denormals, which takes them for 0. */
export function flushed(x: number): number {
  return Math.abs(x) < LEAST_NORMAL ? 0 * x : x;
}

/** The largest error, and where it occurred. */
export interface Worst {
  readonly error: number;
  /** The arguments. */
  readonly at: readonly number[];
  readonly found: number;
  readonly wanted: number;
}
