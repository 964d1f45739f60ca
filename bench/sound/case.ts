/** The cases, and whose code computes them. */
export const cases = {
  rfft: {
    what: 'rfft of 1,024 frames of 1,024 samples',
    sides: ['ours-cpu', 'ours-webgl', 'fft.js', 'kissfft-wasm', 'tfjs-webgl', 'tfjs-cpu'],
  },
  logMel: {
    what: 'log-mel spectrogram of 60 s at 16 kHz, 80 mels',
    sides: ['ours-cpu', 'ours-webgl', 'tfjs-webgl'],
  },
} as const;

export type CaseName = keyof typeof cases;
export type SideName = (typeof cases)[CaseName]['sides'][number];

/** Rows and samples of the transform. */
export const ROWS = 1024;
export const LENGTH = 1024;

/** The spectrogram: frames of 25 ms, each 10 ms. */
export const RATE = 16000;
export const SECONDS = 60;
export const FRAME = 400;
export const HOP = 160;
export const FFT_LENGTH = 512;
export const MELS = 80;

/** One that computes: each call does all of the work, and gives two of the values, which all sides must agree about. */
export type Side = () => Promise<readonly number[]> | readonly number[];

/** The samples that all sides are given: tones that rise, with noise. */
export function samplesOf(count: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: count }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 0.3 * Math.sin(0.02 * i + 1e-7 * i * i) + 0.1 * (state / 2 ** 32 - 0.5);
  });
}

/** A case by a side: milliseconds of each round. */
export interface SoundTimes {
  readonly case: CaseName;
  readonly side: SideName;
  readonly times: readonly number[];
}

/** What a microphone costs while its samples become spectra, and these go through a model. */
export interface MicrophoneCost {
  /** The share of one core for which the page's process was busy, in the median of all rounds. */
  readonly share: number;
  /** The share in the seconds before, from the moment when it is opened: in the first round the model is loaded then. */
  readonly beginning: number;
  /** The shares of all rounds, in order. */
  readonly shares: readonly number[];
  /** The same while the page takes frames of it, and does nothing with them. */
  readonly frames: number;
  /** The same while a page without this library has it open in a worklet. */
  readonly browser: number;
  readonly spectraPerSecond: number;
  readonly answersPerSecond: number;
  /** Seconds of sound that were lost. */
  readonly lost: number;
}
