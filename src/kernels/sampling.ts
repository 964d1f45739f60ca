/**
 * Where the elements of a resized axis lie along the original one: element i at (start + i·step) / divisor. Exact integers, so that
 * every backend chooses the same neighbours, where a scale in floating point would round to either side of a whole number.
 */
export interface Sampling {
  readonly start: number;
  readonly step: number;
  readonly divisor: number;
}

/** 'bilinear': between the two neighbours of a place, by distance; 'nearest': the one at its whole part. */
export type Interpolation = 'nearest' | 'bilinear';

/** Both axes of an image [batch, height, width, channels]. */
export interface ResizeAttributes {
  readonly interpolation: Interpolation;
  readonly rows: Sampling;
  readonly columns: Sampling;
}

/** The neighbours between which each element of a resized axis lies, and how far it is from the first towards the second. */
export interface Neighbours {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly weight: Float32Array;
}

/**
 * What lies outside of the axis is at its nearest element.
 *
 * @param extent of the original axis
 * @param count of elements of the resized one
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
