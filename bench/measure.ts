export interface Timing {
  /** Milliseconds for one run. */
  readonly median: number;
  readonly minimum: number;
}

/** A timed stretch is at least so long, so that the clock's grain does not show. */
const STRETCH_MS = 5;
const MAX_REPEATS = 100_000;
/** A run that takes longer stands for itself. */
const SLOW_MS = 100;

/** One run to settle in after the other contestant's turn (unless it takes long), then the timed ones. */
function stretchOf(run: () => void, repeats: number, settles: boolean): number {
  if (settles) run();
  return timeOf(run, repeats);
}

function timeOf(run: () => void, repeats: number): number {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) run();
  return (performance.now() - start) / repeats;
}

/**
 * Times the contestants in turn, one stretch each a round, so that whatever else the machine does meets all of them.
 * Before the first counted round each runs until its code is compiled and the number of repeats is known.
 */
export function measure(contestants: readonly (() => void)[], rounds: number): Timing[] {
  const slow = contestants.map((run) => timeOf(run, 1) > SLOW_MS);
  const repeats = contestants.map((run, i) => {
    if (slow[i]) return 1;
    const first = timeOf(run, 1);
    timeOf(run, Math.ceil(STRETCH_MS / Math.max(first, 0.01)));
    const settled = timeOf(run, Math.ceil(STRETCH_MS / Math.max(timeOf(run, 1), 0.01)));
    return Math.min(MAX_REPEATS, Math.max(1, Math.ceil(STRETCH_MS / Math.max(settled, 1e-4))));
  });
  const times: number[][] = contestants.map(() => []);
  for (let round = 0; round < rounds; round++) {
    contestants.forEach((run, i) => times[i]!.push(stretchOf(run, repeats[i]!, !slow[i])));
  }
  return times.map((list) => {
    const sorted = list.sort((a, b) => a - b);
    return { median: sorted[sorted.length >> 1]!, minimum: sorted[0]! };
  });
}
