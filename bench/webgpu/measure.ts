import { timing, type DeviceTiming } from '../webgl/measure';

/** One side of a case on a device that is waited for by promises. */
export interface Contestant {
  /** Submits the work, once; leaves nothing behind. */
  readonly run: () => void;
  /** Resolves when all submitted work is done. */
  readonly finish: () => Promise<void>;
}

/** The runs between two waits take at least so long, so that the wait itself does not show. */
const STRETCH_MS = 25;
const MAX_REPEATS = 100;

async function stretch({ run, finish }: Contestant, repeats: number): Promise<number> {
  await finish();
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  await finish();
  return (performance.now() - start) / repeats;
}

/** Times two in turn, a stretch of runs each a round, and gives their times and the median of the rounds' ratios. */
export async function measureWaiting(
  contestants: readonly [Contestant, Contestant],
  rounds: number,
): Promise<{ readonly ours: DeviceTiming; readonly theirs: DeviceTiming; readonly ratio: number }> {
  const repeats: number[] = [];
  for (const contestant of contestants) {
    await stretch(contestant, 1); // compiles
    const once = await stretch(contestant, 2);
    repeats.push(Math.min(MAX_REPEATS, Math.max(1, Math.ceil(STRETCH_MS / once))));
  }
  const times = contestants.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    // Each goes first as often as the other.
    for (const i of round % 2 === 0 ? [0, 1] : [1, 0])
      times[i]!.push(await stretch(contestants[i]!, repeats[i]!));
  }
  const [ours, theirs] = times as [number[], number[]];
  return {
    ours: timing(ours),
    theirs: timing(theirs),
    ratio: timing(ours.map((own, i) => theirs[i]! / own)).median,
  };
}
