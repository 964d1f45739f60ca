/**
 * Where the elements of a resized axis lie on the original axis: element i at (start + i·step) / divisor. All three are integers, so that
 * every backend finds the same neighbours; a floating-point scale could round to either side of a whole number.
 */
export interface Sampling {
  readonly start: number;
  readonly step: number;
  readonly divisor: number;
}

/** How a value between elements is computed. 'bilinear' blends the two neighbours on each axis by distance, 'nearest' takes one element. */
export type Interpolation = 'nearest' | 'bilinear';

/** How images [batch, height, width, channels] are resized. */
export interface ResizeAttributes {
  readonly interpolation: Interpolation;
  readonly rows: Sampling;
  readonly columns: Sampling;
}

/** For each element of a resized axis: its two neighbours on the original axis, and its distance from the first, in [0, 1). */
export interface Neighbours {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float32Array;
}

/**
 * The neighbours of each element of a resized axis. A position outside of the original axis is moved to its border; 'nearest' rounds
 * positions down.
 *
 * @param extent length of the original axis
 * @param count length of the resized axis
 */
export function neighboursOf(
  { start, step, divisor }: Sampling,
  interpolation: Interpolation,
  extent: number,
  count: number,
): Neighbours {
  const first = new Int32Array(count);
  const second = new Int32Array(count);
  const weight = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const place = Math.max(0, start + i * step);
    const whole = Math.floor(place / divisor);
    first[i] = second[i] = Math.min(whole, extent - 1);
    if (interpolation === 'nearest' || whole >= extent - 1) continue;
    weight[i] = (place - whole * divisor) / divisor;
    if (weight[i]! > 0) second[i] = whole + 1;
  }
  return { first, second, weight };
}
