/** The arguments at which elementwise functions are measured. */
import { numbers } from '../../test/support/reference';

/** Zeros, infinities, NaN, denormals, the ends of the range, and points where a function's formula changes or its domain ends. */
const special = [
  ...[0, -0, NaN, Infinity, -Infinity],
  ...[1e-45, -1e-45, 1e-40, -1e-40, 1.1754944e-38, -1.1754944e-38, 3.4028235e38, -3.4028235e38],
  ...[1, -1, 0.5, -0.5, 2, -2, 3, -3, 10, -10, 0.99999994, -0.99999994, 1.0000001, -1.0000001],
  ...[6, 88.72, 88.73, -87.33, -103.9, -104, 16777216, 2147483648, -2147483648],
];

/** Widths of uniform distributions around 0, at the scales of the functions. */
const widths = [1.2, 10, 110, 1e3, 1e6];

const bits = new Uint32Array(1);
const value = new Float32Array(bits.buffer);

/** A random float32, with all magnitudes equally likely. */
function ofAnyMagnitude(next: () => number): number {
  bits[0] = Math.floor(next() * 4294967296);
  return value[0]!;
}

/** Points for functions of one number: half of any magnitude, half uniform, and the special ones. */
export function unaryPoints(count: number): Float32Array {
  const next = numbers(1);
  const points = Float32Array.from({ length: count }, (_, i) =>
    i % 2 ? ofAnyMagnitude(next) : (2 * next() - 1) * widths[(i >> 1) % widths.length]!,
  );
  points.set(special);
  return points;
}

/** Points for functions of two numbers: pairs of any magnitudes, of similar magnitudes, uniform, for powers, and all pairs of special numbers. */
export function binaryPoints(count: number): [Float32Array, Float32Array] {
  const next = numbers(2);
  const a = new Float32Array(count);
  const b = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const x = ofAnyMagnitude(next);
    const near = (2 * next() - 1) * 3;
    [a[i], b[i]] = (
      [
        [x, ofAnyMagnitude(next)],
        [x, Math.fround(x) * near],
        [(2 * next() - 1) * 10, near],
        // An exponent for which the power stays in range: log₂ of the result is at most 127.
        [Math.abs(x), ((2 * next() - 1) * 127) / (Math.abs(Math.log2(Math.abs(x))) || 1)],
        [(2 * next() - 1) * 10, Math.round(near * 4)],
      ] as const
    )[i % 5]!;
  }
  special.forEach((x, i) => {
    special.forEach((y, j) => {
      a[i * special.length + j] = x;
      b[i * special.length + j] = y;
    });
  });
  return [a, b];
}
