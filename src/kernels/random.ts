/**
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * a counter-based generator, so that element i of a tensor is a function of (key, i) alone and every backend draws
 * the same bits in any order. It needs only 32-bit adds, rotations and xors, which GLSL ES 3.00 has.
 */
const PARITY = 0x1bd11bda;

/** Two 32-bit words of random bits for a counter of two words; written to `out`. */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  // Rotations and key schedule are spelled out: read from tables, they take four times as long.
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
 * What is drawn for element i, from the words of counter (i, attempt):
 * - `uniform`: a + (b − a)·u, with u = (word 0 >>> 8)·2⁻²⁴ in [0, 1), never b itself (uniform.ts); as int32 rounded down, since a
 *   whole b is then never reached either; bit-equal on every backend
 * - `integer`: an int32 in [a, b): a + word 0 modulo (b − a); bit-equal
 * - `normal`: mean a, standard deviation b, by Box–Muller from both words; equal to a tolerance
 * - `truncatedNormal`: the same, drawn again with the next attempt while |z| > 2
 * - `gamma`: of shape a and scale b, by Marsaglia & Tsang, "A simple method for generating gamma variables", 2000: attempt k has a
 *   normal number from counter (i, 2k) and a uniform one from word 0 of (i, 2k + 1), whose word 1 is for shapes below 1; equal to
 *   a tolerance
 */
export type Distribution = 'uniform' | 'integer' | 'normal' | 'truncatedNormal' | 'gamma';

export interface RandomAttributes {
  readonly distribution: Distribution;
  readonly key: readonly [number, number];
  readonly a: number;
  readonly b: number;
}

/** A truncated normal is drawn again at most so often (two in a million draws would need more than four). */
export const TRUNCATED_NORMAL_ATTEMPTS = 32;

/** A gamma number is drawn again at most so often; of 20 attempts at least 19 are accepted. */
export const GAMMA_ATTEMPTS = 16;
