import { op } from '../../tensor/op';
import { concat, fill, matMul, mul, slice, sub, tensor2d } from '../../tensor/ops';
import type { Tensor, Tensor2D } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { remembered } from '../kernels/roots';
import { asSignal } from './frame';
import { logMelOf } from './mel';
import { checked, conventions, dctRules, mfccRules, type DctOptions, type MfccOptions } from './options';

/** Tables of the latest lengths are kept. */
const MOST_TABLES = 8;
/** cos(π(2j + 1)k / 2n), for j rows and k columns. */
const cosinesOf = remembered((n: number): Float64Array => {
  const table = new Float64Array(n * n);
  for (let j = 0; j < n; j++)
    for (let k = 0; k < n; k++)
      table[j * n + k] = Math.cos((Math.PI * (((2 * j + 1) * k) % (4 * n))) / (2 * n));
  return table;
}, MOST_TABLES);

/** Times a table [n, columns], where n is the last axis's length. */
function product(x: Tensor, table: Tensor2D): Tensor {
  const outer = x.shape.slice(0, -1);
  const [n, columns] = table.shape;
  const rows = outer.reduce((a, b) => a * b, 1);
  const flat: Tensor2D = x.reshape([rows, n]);
  return matMul(flat, table).reshape([...outer, columns]);
}

/** DCT-II with a factor for the first coefficient and one for the others. */
function secondType(n: number, columns: number, first: number, others: number): Float32Array {
  const cosines = cosinesOf(n);
  return Float32Array.from({ length: n * columns }, (_, i) => {
    const k = i % columns;
    return cosines[Math.floor(i / columns) * n + k]! * (k === 0 ? first : others);
  });
}

/**
 * The discrete cosine transform of the last axis, by a product with its matrix: fit for axes of up to a few thousand.
 *
 * @param x values […, n]
 * @returns float32 […, n]. Type 2: y[k] = 2·Σ x[j]·cos(π(2j + 1)k / 2n); type 3: y[k] = x[0] + 2·Σ x[j]·cos(π(2k + 1)j / 2n) for j > 0
 * @throws when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => {
 *   const y = signal.dct([1, 2, 3], { norm: 'ortho' });
 *   signal.dct(y, { type: 3, norm: 'ortho' }).print(); // 1, 2, 3
 * });
 * ```
 */
export const dct = op('dct', (x: TensorInput, options: DctOptions | null = null): Tensor => {
  const { type = 2, norm = null } = checked('dct', options, dctRules);
  const value = asSignal('dct', x);
  const n = value.shape.at(-1)!;
  if (type === 2) {
    const [first, others] = norm === null ? [2, 2] : [Math.sqrt(1 / n), Math.sqrt(2 / n)];
    return product(value, tensor2d(secondType(n, n, first, others), [n, n]));
  }
  const [first, others] = norm === null ? [1, 2] : [Math.sqrt(1 / n), Math.sqrt(2 / n)];
  const cosines = cosinesOf(n);
  const table = Float32Array.from({ length: n * n }, (_, i) => {
    const [j, k] = [Math.floor(i / n), i % n];
    return cosines[k * n + j]! * (j === 0 ? first : others);
  });
  return product(value, tensor2d(table, [n, n]));
});

/** How the logarithms of so many mels become coefficients that are known to fit: [mels, coefficients]. @throws when there are more coefficients than mels */
export function cepstraFor(name: string, mels: number, options: MfccOptions): Tensor2D {
  const defaults = conventions[options.convention ?? 'librosa'];
  const { coefficients: count = Math.min(defaults.coefficients, mels), lifter = 0 } = options;
  const { dctNorm = defaults.dctNorm } = options;
  if (count > mels)
    throw new Error(`${name}: option 'coefficients' is ${count}; wanted at most 'mels', ${mels}`);
  const factor = Math.sqrt(2 / mels);
  const first = dctNorm === 'ortho' ? Math.sqrt(1 / mels) : factor;
  const table = secondType(mels, count, first, factor);
  const weightOf = (k: number): number => 1 + (lifter / 2) * Math.sin((Math.PI * (k + 1)) / lifter);
  if (lifter > 0) table.forEach((value, i) => (table[i] = value * weightOf(i % count)));
  return tensor2d(table, [mels, count]);
}

/** The coefficients of options that are known to fit. What does not depend on the signal may be given. */
export function mfccOf(
  name: string,
  x: Tensor,
  options: MfccOptions,
  filters?: Tensor2D,
  cepstra?: Tensor2D,
): Tensor {
  const logs = logMelOf(name, x, options, filters);
  return product(logs, cepstra ?? cepstraFor(name, logs.shape.at(-1)!, options));
}

/**
 * Mel-frequency cepstral coefficients: the cosine transform of the logarithms of a mel spectrogram (Davis & Mermelstein, IEEE Trans. ASSP 28, 1980).
 *
 * @param x signals […, samples]
 * @returns float32 […, frames, coefficients]
 * @throws when `frame` or `sampleRate` is missing, there are more coefficients than mels, or an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => {
 *   const tone = dl.sin(dl.mul(dl.range(0, 16000), 0.4));
 *   console.log(signal.mfcc(tone, { sampleRate: 16000, frame: 512, coefficients: 13 }).shape); // [126, 13]
 * });
 * ```
 */
export const mfcc = op('mfcc', (x: TensorInput, options: MfccOptions): Tensor => {
  const given = checked('mfcc', options, mfccRules, ['sampleRate', 'frame']);
  return mfccOf('mfcc', asSignal('mfcc', x), given);
});

/** Options of {@link preEmphasis}. */
export interface PreEmphasisOptions {
  /** The part of the sample before that is taken off; 0.97 by default. */
  readonly coefficient?: number;
  /** The sample before the first, as of the chunk before; 0 by default, so that the first sample stays. */
  readonly previous?: number;
}

/**
 * Raises high frequencies: y[n] = x[n] − coefficient·x[n − 1].
 *
 * @param x signals […, samples]
 * @returns float32 in the same shape
 * @throws when an option is unknown or no finite number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { signal } from 'rxtensor/sound';
 * dl.tidy(() => signal.preEmphasis([1, 1, 2], { coefficient: 0.5 }).print()); // 1, 0.5, 1.5
 * ```
 */
export const preEmphasis = op(
  'preEmphasis',
  (x: TensorInput, options: PreEmphasisOptions | null = null): Tensor => {
    const name = 'preEmphasis';
    const finite = [Number.isFinite, 'a finite number'] as const;
    const { coefficient = 0.97, previous = 0 } = checked<PreEmphasisOptions>(name, options, {
      coefficient: finite,
      previous: finite,
    });
    const value = asSignal(name, x);
    const outer = value.shape.slice(0, -1);
    const samples = value.shape.at(-1)!;
    if (samples === 0) return value;
    const before = slice(
      value,
      value.shape.map(() => 0),
      [...outer, samples - 1],
    );
    const start = fill([...outer, 1], previous);
    return sub(value, mul(concat([start, before], -1), coefficient));
  },
);
