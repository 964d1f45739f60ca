import type { Library } from '../library';

/** One side of a case on a device that works behind the program's back. */
export interface Contestant {
  /** Submits the work, once; leaves nothing behind. */
  readonly run: () => void;
  /** Returns when all submitted work is done. */
  readonly finish: () => void;
}

/** Milliseconds a run, the median and the least of the rounds. */
export interface DeviceTiming {
  readonly median: number;
  readonly minimum: number;
}

/** The runs between two marks take at least so long, so that the mark itself does not show. */
const STRETCH_MS = 25;
const MAX_REPEATS = 200;

/**
 * Makes a function that waits for the device. It reads a small result of its own: a read of the timed result would make a library that
 * packs its values into textures pay for unpacking them.
 */
export function finisher(lib: Library): () => void {
  const seed = lib.tensor1d([1, 2, 3, 4]);
  return () => {
    lib.tidy(() => {
      lib.neg(seed).dataSync();
    });
  };
}

function stretch({ run, finish }: Contestant, repeats: number): number {
  finish();
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  finish();
  return (performance.now() - start) / repeats;
}

function submission({ run, finish }: Contestant, repeats: number): number {
  finish();
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  const time = (performance.now() - start) / repeats;
  finish();
  return time;
}

/** The median and the least of times. */
export function timing(times: readonly number[]): DeviceTiming {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[sorted.length >> 1]!, minimum: sorted[0]! };
}

/**
 * Times two in turn, a stretch of runs each a round, and gives their times and the median of the rounds' ratios.
 *
 * @param isSubmission times what JavaScript does alone, not the device
 */
export function measureOnDevice(
  contestants: readonly [Contestant, Contestant],
  rounds: number,
  isSubmission = false,
): { readonly ours: DeviceTiming; readonly theirs: DeviceTiming; readonly ratio: number } {
  const time = isSubmission ? submission : stretch;
  const repeats = contestants.map((contestant) => {
    stretch(contestant, 1); // compiles
    const once = stretch(contestant, 3);
    return isSubmission ? MAX_REPEATS : Math.min(MAX_REPEATS, Math.max(1, Math.ceil(STRETCH_MS / once)));
  });
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    // Each goes first as often as the other.
    for (const i of round % 2 === 0 ? [0, 1] : [1, 0]) times[i]!.push(time(contestants[i]!, repeats[i]!));
  }
  const [ours, theirs] = times as [number[], number[]];
  return {
    ours: timing(ours),
    theirs: timing(theirs),
    ratio: timing(ours.map((own, i) => theirs[i]! / own)).median,
  };
}
