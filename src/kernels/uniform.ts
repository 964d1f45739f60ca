/**
 * How every backend computes a uniform random number from u in [0, 1): scale·(low + range·u), with each operation rounded to float32, then
 * clipped to [least, most].
 */
export interface UniformForm {
  readonly low: number;
  readonly range: number;
  readonly scale: number;
  readonly least: number;
  readonly most: number;
}

/**
 * Uniform numbers in [a, b), or in (b, a] if b < a. A result that rounds to b becomes the float32 next to it. If b − a overflows float32,
 * the numbers are drawn at half their size and doubled.
 */
export function uniformForm(a: number, b: number): UniformForm {
  const low = Math.fround(a);
  const high = Math.fround(b);
  const scale = Number.isFinite(Math.fround(high - low)) ? 1 : 2;
  return {
    low: low / scale,
    range: Math.fround(high / scale - low / scale),
    scale,
    least: Math.min(low, nextTo(high, low)),
    most: Math.max(low, nextTo(high, low)),
  };
}

const value = new Float32Array(1);
const bits = new Int32Array(value.buffer);

/** The float32 next to x in the direction of `towards`; x itself if both are equal. */
function nextTo(x: number, towards: number): number {
  if (!(x < towards || x > towards)) return x;
  value[0] = x;
  // For floats of one sign, the order of their bits is the order of their magnitudes.
  if (x === 0) bits[0] = towards > 0 ? 1 : -2147483647;
  else bits[0]! += x > 0 === towards > x ? 1 : -1;
  return value[0];
}
