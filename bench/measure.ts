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

/** Two contestants that were timed in pairs. */
export interface Pairs {
  /** Milliseconds a run, medians. */
  readonly ours: number;
  readonly theirs: number;
  /** The median of what each pair of times gives: what disturbs one round disturbs both of its times. */
  readonly paired: (of: (ours: number, theirs: number) => number) => number;
}

/** A stretch of a pair lasts about so long: short, so that most pairs pass undisturbed, whatever else the machine does. */
const PAIR_STRETCH_MS = 2;
/** But so many grains of the clock, which is coarse in browsers: pages read it in steps of 0.1 ms. */
const GRAINS = 100;
/** Pairs in a round, unless they take long. */
const PAIRS = 20;

/** The smallest step that the clock makes, in milliseconds. */
function clockGrain(): number {
  const steps = Array.from({ length: 5 }, () => {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    return now - start;
  });
  return Math.min(...steps);
}

/** So many pairs are taken, however long they last. */
const FEWEST_PAIRS = 5;

/**
 * Times two in turn, a short stretch each, in pairs; runs that return promises are awaited one by one.
 *
 * @param mostMs no further pair begins after so many milliseconds
 */
export async function measurePairs(
  ours: () => void | Promise<void>,
  theirs: () => void | Promise<void>,
  rounds: number,
  mostMs = Infinity,
): Promise<Pairs> {
  const contestants = [ours, theirs] as const;
  const stretch = Math.max(PAIR_STRETCH_MS, GRAINS * clockGrain());
  // One that takes long stands for itself, and needs no settling in. The first run compiles, and tells nothing.
  let isSlow = false;
  for (const run of contestants) {
    await timeOfRuns(run, 1);
    isSlow ||= (await timeOfRuns(run, 1)) > SLOW_MS;
  }
  const repeats = [1, 1];
  for (const i of [0, 1] as const) {
    for (let pass = 0; pass < 6 && !isSlow; pass++) {
      const time = await timeOfRuns(contestants[i], Math.max(20, repeats[i]!));
      repeats[i] = Math.min(MAX_REPEATS, Math.ceil(stretch / Math.max(time, 1e-5)));
    }
  }
  const times: [number, number][] = [];
  const count = isSlow ? Math.ceil(rounds / 3) : rounds * PAIRS;
  const start = performance.now();
  for (let pair = 0; pair < count; pair++) {
    if (pair >= FEWEST_PAIRS && performance.now() - start > mostMs) break;
    const time: [number, number] = [0, 0];
    // Each goes first as often as the other.
    for (const i of pair % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      time[i] = await timeOfRuns(contestants[i], repeats[i]!);
    }
    times.push(time);
  }
  return {
    ours: median(times.map(([time]) => time)),
    theirs: median(times.map(([, time]) => time)),
    paired: (of) => median(times.map(([a, b]) => of(a, b))),
  };
}

async function timeOfRuns(run: () => void | Promise<void>, repeats: number): Promise<number> {
  const start = performance.now();
  for (let i = 0; i < repeats; i++) {
    const running = run();
    if (running) await running;
  }
  return (performance.now() - start) / repeats;
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1]!;
}
