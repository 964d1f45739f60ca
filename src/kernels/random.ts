/**
 * Threefry-2x32 with 20 rounds (Salmon, Moraes, Dror & Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011):
 * a counter-based generator, so that element i of a tensor is a function of (key, i) alone and every backend draws
 * the same bits in any order. It needs only 32-bit adds, rotations and xors, which GLSL ES 3.00 has.
 */
const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24] as const;
const PARITY = 0x1bd11bda;

/** Two 32-bit words of random bits for a counter of two words; written to `out`. */
export function threefry(
  key0: number,
  key1: number,
  counter0: number,
  counter1: number,
  out: Uint32Array,
): void {
  const schedule = [key0, key1, PARITY ^ key0 ^ key1] as const;
  let x0 = (counter0 + key0) | 0;
  let x1 = (counter1 + key1) | 0;
  for (let group = 0; group < 5; group++) {
    const first = group & 1 ? 4 : 0;
    for (let round = first; round < first + 4; round++) {
      const distance = ROTATIONS[round]!;
      x0 = (x0 + x1) | 0;
      x1 = (x1 << distance) | (x1 >>> (32 - distance));
      x1 ^= x0;
    }
    const next = group + 1;
    x0 = (x0 + schedule[next % 3]!) | 0;
    x1 = (x1 + schedule[(next + 1) % 3]! + next) | 0;
  }
  out[0] = x0;
  out[1] = x1;
}

/**
 * What is drawn for element i, from the words of counter (i, attempt):
 * - `uniform`: a + (b − a)·u, with u = (word 0 >>> 8)·2⁻²⁴ in [0, 1); bit-equal on every backend
 * - `integer`: an int32 in [a, b): a + word 0 modulo (b − a); bit-equal
 * - `normal`: mean a, standard deviation b, by Box–Muller from both words; equal to a tolerance
 * - `truncatedNormal`: the same, drawn again with the next attempt while |z| > 2
 */
export type Distribution = 'uniform' | 'integer' | 'normal' | 'truncatedNormal';

export interface RandomAttributes {
  readonly distribution: Distribution;
  readonly key: readonly [number, number];
  readonly a: number;
  readonly b: number;
}

/** A truncated normal is drawn again at most so often (two in a million draws would need more than four). */
export const TRUNCATED_NORMAL_ATTEMPTS = 32;
