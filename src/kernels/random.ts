/**
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011).
 * This generator is counter-based: element i of a tensor depends only on (key, i), so that every backend draws the same
 * bits in any order. It needs only 32-bit additions, rotations and xors, which GLSL ES 3.00 has.
 */
const PARITY = 0x1bd11bda;

/** Writes two 32-bit words of random bits to `out`, for a key and a counter of two words each. */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  // Rotations and the key schedule are written out: reading them from tables takes four times as long.
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  let next0 = key1 | 0;
  let next1 = PARITY ^ key0 ^ key1;
  let next2 = key0 | 0;
  for (let group = 1; group <= 5; group++) {
    if (group & 1) {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 13) | (x1 >>> 19)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 15) | (x1 >>> 17)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 26) | (x1 >>> 6)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 6) | (x1 >>> 26)) ^ x0;
    } else {
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 17) | (x1 >>> 15)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 29) | (x1 >>> 3)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 16) | (x1 >>> 16)) ^ x0;
      x0 = (x0 + x1) | 0;
      x1 = ((x1 << 24) | (x1 >>> 8)) ^ x0;
    }
    x0 = (x0 + next0) | 0;
    x1 = (x1 + next1 + group) | 0;
    const last = next0;
    next0 = next1;
    next1 = next2;
    next2 = last;
  }
  out[0] = x0;
  out[1] = x1;
}

/**
 * How element i is drawn from the words of counter (i, attempt). "Bit-equal" distributions have the same bits on every backend, the
 * others agree within a tolerance.
 * - `uniform`: a + (b − a)·u, with u = (word 0 >>> 8)·2⁻²⁴ in [0, 1); never b itself (see uniform.ts). For int32 it is rounded down.
 *   Bit-equal
 * - `integer`: an int32 in [a, b): a + word 0 modulo (b − a). Bit-equal
 * - `normal`: mean a, standard deviation b, by Box–Muller from both words
 * - `truncatedNormal`: the same, drawn again with the next attempt while it is more than 2 standard deviations from the mean
 * - `gamma`: shape a and scale b, by Marsaglia & Tsang, "A simple method for generating gamma variables", 2000. Attempt k takes a
 *   normal number from counter (i, 2k), a uniform one from word 0 of counter (i, 2k + 1), and for shapes below 1 another from its word 1
 */
export type Distribution = 'uniform' | 'integer' | 'normal' | 'truncatedNormal' | 'gamma';

export interface RandomAttributes {
  readonly distribution: Distribution;
  readonly key: readonly [number, number];
  readonly a: number;
  readonly b: number;
}

/** The most attempts to draw a truncated normal number. (Two in a million need more than four.) */
export const TRUNCATED_NORMAL_ATTEMPTS = 32;

/** The most attempts to draw a gamma number. (At least 95 % of attempts are accepted.) */
export const GAMMA_ATTEMPTS = 16;
