import { instantiate } from '../../kernels/cpu/simd/packed-module';
import { RESAMPLE_MODULE, type ResampleExports } from './resample.wasm';

/** Filters for the places between two samples: for each, as many weights as samples around it count. */
export interface PolyphaseFilters {
  readonly phases: number;
  /** What the phase grows by from one result to the next. */
  readonly step: number;
  /** The weights of a filter: a multiple of {@link TAPS_TOGETHER}. */
  readonly taps: number;
  /** [phases, taps]. */
  readonly weights: Float32Array;
}

/** So many taps are summed at once. */
export const TAPS_TOGETHER = 16;

/** Computes `count` results. The first begins with the first of the samples, and is of the given phase. */
export type WeightedSums = (samples: Float32Array, phase: number, count: number) => Float32Array;

const PAGE = 65_536;
const NUMBER = Float32Array.BYTES_PER_ELEMENT;

/** The sums by filters, in WebAssembly where there is any. */
export const weightedSums = (filters: PolyphaseFilters): WeightedSums =>
  compiledSums(filters) ?? plainSums(filters);

/** Several times as fast as {@link plainSums}; null where the engine refuses WebAssembly. */
export function compiledSums({ phases, step, taps, weights }: PolyphaseFilters): WeightedSums | null {
  if (!('WebAssembly' in globalThis)) return null;
  const memory = new WebAssembly.Memory({ initial: Math.ceil(weights.byteLength / PAGE) });
  const exports = instantiate(RESAMPLE_MODULE, memory) as ResampleExports | null;
  if (!exports) return null;
  let floats = new Float32Array(memory.buffer);
  floats.set(weights);
  return (samples, phase, count) => {
    const from = weights.length;
    const to = from + samples.length;
    const missing = (to + count) * NUMBER - memory.buffer.byteLength;
    if (missing > 0) {
      memory.grow(Math.ceil(missing / PAGE));
      floats = new Float32Array(memory.buffer);
    }
    floats.set(samples, from);
    exports.resample(from * NUMBER, 0, taps, phases, step, phase, to * NUMBER, count);
    return floats.slice(to, to + count);
  };
}

export function plainSums({ phases, step, taps, weights }: PolyphaseFilters): WeightedSums {
  return (samples, phase, count) => {
    const results = new Float32Array(count);
    for (let n = 0, start = 0; n < count; n++) {
      let sum = 0;
      const row = phase * taps;
      for (let k = 0; k < taps; k++) sum += weights[row + k]! * samples[start + k]!;
      results[n] = sum;
      phase += step;
      start += Math.floor(phase / phases);
      phase %= phases;
    }
    return results;
  };
}
