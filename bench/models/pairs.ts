import type { Compared } from './case';

/** Pairs of runs, unless they take long. */
const PAIRS = 7;

const median = (times: readonly number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!;

/**
 * Two pages take turns.
 *
 * @param ours gives the milliseconds of a run
 * @param mostMs no further pair begins after so many milliseconds
 */
export async function alternating(
  ours: () => Promise<number>,
  theirs: () => Promise<number>,
  mostMs: number,
): Promise<Compared> {
  const pairs: [number, number][] = [];
  const start = performance.now();
  while (pairs.length < PAIRS && (pairs.length === 0 || performance.now() - start < mostMs))
    pairs.push([await ours(), await theirs()]);
  return {
    ours: median(pairs.map(([own]) => own)),
    theirs: median(pairs.map(([, their]) => their)),
    ratio: median(pairs.map(([own, their]) => their / own)),
  };
}
