import type { Tensor } from '../../src/tensor/tensor';
import { threefry } from '../../src/kernels';
import { tidy } from '../../src/tensor/scope';
import { seedWords } from '../../src/tensor/random-state';

/** The random words of an element of a tensor that is drawn with this seed. */
export function words(seed: number, element: number, attempt = 0): [number, number] {
  const out = new Uint32Array(2);
  threefry(...seedWords('spec', seed), element, attempt, out);
  return [out[0]!, out[1]!];
}

/** Turns the 24 high bits of a word into a number in [0, 1). */
export const unit = (word: number): number => (word >>> 8) / 2 ** 24;

/** A normal number by Box & Muller 1958, in float64. */
export function normal([first, second]: [number, number]): number {
  return Math.sqrt(-2 * Math.log(1 - unit(first))) * Math.cos(2 * Math.PI * unit(second));
}

/** The greatest distance between the values' distribution and a given one (Kolmogorov 1933). */
export function distance(values: readonly number[], cumulative: (x: number) => number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return Math.max(
    ...sorted.map((x, i) =>
      Math.max((i + 1) / sorted.length - cumulative(x), cumulative(x) - i / sorted.length),
    ),
  );
}

/** Of n values, one sample in a thousand exceeds the distance CRITICAL / √n. */
export const CRITICAL = 1.95;

/** The mean and the standard deviation. */
export const moments = (values: readonly number[]): { mean: number; deviation: number } => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return { mean, deviation: Math.sqrt(values.reduce((a, b) => a + (b - mean) ** 2, 0) / values.length) };
};

/** Reads the values of a tensor and frees it. */
export const read = (make: () => Tensor): number[] => tidy(() => [...make().dataSync()]);

/** The number of numbers that the specs of a distribution draw. */
export const COUNT = 3000;
