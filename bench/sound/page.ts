// The page: it makes the sides of a case when they are first asked for, and lets one at a time compute.
import type { CaseName, Side, SideName } from './case';
import { counted, listen, stop, type MicrophoneCounts, type Work } from './microphone';
import { ourLogMel, ourRfft } from './ours';
import { fftJs, kissFft, theirLogMel, theirRfft } from './theirs';

const sides: Readonly<Record<CaseName, Partial<Record<SideName, () => Promise<Side> | Side>>>> = {
  rfft: {
    'ours-cpu': () => ourRfft('cpu'),
    'ours-webgl': () => ourRfft('webgl'),
    'fft.js': fftJs,
    'kissfft-wasm': kissFft,
    'tfjs-cpu': () => theirRfft('cpu'),
    'tfjs-webgl': () => theirRfft('webgl'),
  },
  logMel: {
    'ours-cpu': () => ourLogMel('cpu'),
    'ours-webgl': () => ourLogMel('webgl'),
    'tfjs-webgl': () => theirLogMel('webgl'),
  },
};

const made = new Map<string, Promise<Side>>();

/** The page as it is driven from outside. */
export interface SoundPage {
  /** Computes once, and says how long it took, and what two of the values are. */
  readonly run: (
    name: CaseName,
    side: SideName,
  ) => Promise<{ readonly milliseconds: number; readonly values: readonly number[] }>;
  /** Opens the microphone. */
  readonly listen: (work: Work) => Promise<void>;
  readonly counted: () => MicrophoneCounts;
  readonly stop: () => void;
}

declare global {
  interface Window {
    soundPage: SoundPage;
  }
}

window.soundPage = {
  listen,
  counted,
  stop,
  run: async (name, side) => {
    const key = `${name} ${side}`;
    const making = made.get(key) ?? Promise.resolve(sides[name][side]!());
    made.set(key, making);
    const compute = await making;
    const start = performance.now();
    const values = await compute();
    return { milliseconds: performance.now() - start, values };
  },
};
