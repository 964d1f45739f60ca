import { greatestCommonDivisor } from '../greatest-common-divisor';
import { TAPS_TOGETHER, weightedSums, type PolyphaseFilters } from '../kernels/weighted-sums';

/** What is left of a tone above half of either sampling rate, in dB. */
export const STOP_BAND_DECIBELS = 80;
/** The pass band ends at this part of half the lower rate, and the stop band begins at it. */
const PASS_BAND = 0.9;
/** The most weights of all filters. The rate of a file comes from outside: one whose ratio to the wanted rate has great terms would need tables of any size. */
const MOST_WEIGHTS = 2 ** 19;

/** The modified Bessel function of the first kind and order 0 (Abramowitz & Stegun 9.6.10). */
function bessel(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-17; k++) sum += term *= (x / (2 * k)) ** 2;
  return sum;
}

/** Whether {@link resampler} can change one rate into the other. */
export function canResample(from: number, to: number): boolean {
  if (![from, to].every(Number.isInteger)) return false;
  return (to / greatestCommonDivisor(from, to)) * 2 * halfLength(from, to) <= MOST_WEIGHTS;
}

/** 3 dB more than is promised: the weights are rounded to float32. */
const DECIBELS = STOP_BAND_DECIBELS + 3;

/** Half of the lower rate, where the stop band begins, in cycles a sample of what comes in. */
const edgeOf = (from: number, to: number): number => Math.min(from, to) / (2 * from);

/** Half the taps of a filter, by Kaiser's formula for the width from the pass band to the stop band. */
function halfLength(from: number, to: number): number {
  const width = 2 * Math.PI * edgeOf(from, to) * (1 - PASS_BAND);
  const step = TAPS_TOGETHER / 2;
  return step * Math.ceil(((DECIBELS - 7.95) / (2.285 * width) / 2 + 1) / step);
}

/** A low-pass by a sinc under a Kaiser window (Kaiser & Schafer, "On the use of the I₀-sinh window", IEEE Trans. ASSP 28, 1980), in `phases` parts. */
function filtersOf(from: number, to: number): PolyphaseFilters {
  const common = greatestCommonDivisor(from, to);
  const [phases, step] = [to / common, from / common];
  const cutoff = (edgeOf(from, to) * (1 + PASS_BAND)) / 2;
  const half = halfLength(from, to);
  const beta = 0.1102 * (DECIBELS - 8.7);
  const taps = 2 * half;
  const weights = new Float32Array(phases * taps);
  for (let phase = 0; phase < phases; phase++) {
    const row = new Float64Array(taps);
    let sum = 0;
    for (let k = 0; k < taps; k++) {
      const t = phase / phases + half - 1 - k;
      const turn = 2 * Math.PI * cutoff * t;
      const window = Math.abs(t) < half ? bessel(beta * Math.sqrt(1 - (t / half) ** 2)) / bessel(beta) : 0;
      row[k] = (t === 0 ? 1 : Math.sin(turn) / turn) * window;
      sum += row[k]!;
    }
    // A constant stays as it is.
    for (let k = 0; k < taps; k++) weights[phase * taps + k] = row[k]! / sum;
  }
  return { phases, step, taps, weights };
}

/** Changes the sampling rate of a signal as it comes. */
export interface Resampler {
  /** Takes further samples, and returns those that can be computed. */
  readonly push: (samples: Float32Array) => Float32Array;
  /** Returns the samples that wait for what would have come behind the end, where the signal is silent. */
  readonly end: () => Float32Array;
}

/**
 * Makes a resampler by polyphase filters: result n is the signal at n/to seconds, so that nothing is delayed. Tones up to 0.9 of half the lower rate pass; those above half of
 * it are weakened by {@link STOP_BAND_DECIBELS} at least.
 */
export function resampler(from: number, to: number): Resampler {
  if (from === to) return { push: (samples) => samples, end: () => new Float32Array(0) };
  const filters = filtersOf(from, to);
  const { phases, step, taps } = filters;
  const half = taps / 2;
  const sums = weightedSums(filters);
  /** The samples that later results need. Before the first there is silence. */
  let buffer = new Float32Array(half - 1);
  /** The place of the next result: from the first sample of the buffer on that counts for it, and between two samples. */
  let start = 0;
  let phase = 0;
  let received = 0;
  let emitted = 0;
  const add = (samples: Float32Array): void => {
    const joined = new Float32Array(buffer.length + samples.length);
    joined.set(buffer);
    joined.set(samples, buffer.length);
    buffer = joined;
  };
  /** How many results all samples that they count are there for. */
  const ready = (): number => {
    const places = buffer.length - taps - start + 1;
    return places > 0 ? Math.ceil((places * phases - phase) / step) : 0;
  };
  const results = (count: number): Float32Array => {
    const found = sums(buffer.subarray(start), phase, count);
    const places = phase + count * step;
    start += Math.floor(places / phases);
    phase = places % phases;
    const used = Math.min(start, buffer.length);
    buffer = buffer.slice(used);
    start -= used;
    emitted += count;
    return found;
  };
  return {
    push: (samples) => {
      received += samples.length;
      add(samples);
      return results(ready());
    },
    end: () => {
      const missing = Math.ceil((received * to) / from) - emitted;
      add(new Float32Array(taps + Math.ceil((missing * from) / to)));
      return results(missing);
    },
  };
}
