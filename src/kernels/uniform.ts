/** The numbers by which every backend draws uniform ones, so that they are the same bits. */
export interface UniformForm {
  /** A number is scale·(low + range·u) for u in [0, 1), each operation rounded to float32, … */
  readonly low: number;
  readonly range: number;
  readonly scale: number;
  /** … and then brought between these two. */
  readonly least: number;
  readonly most: number;
}

/**
 * Uniform numbers in [a, b), or in (b, a] where b is less. The sum may round to b itself: it becomes the float32 next to b. A range
 * that float32 does not hold is drawn at half its size.
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

/** The float32 next to x on the way to `towards`; x itself where that is x. */
function nextTo(x: number, towards: number): number {
  if (!(x < towards || x > towards)) return x;
  value[0] = x;
  // The bits of numbers of one sign are ordered as their magnitudes are.
  if (x === 0) bits[0] = towards > 0 ? 1 : -2147483647;
  else bits[0]! += x > 0 === towards > x ? 1 : -1;
  return value[0];
}
