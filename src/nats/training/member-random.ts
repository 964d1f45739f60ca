import { getRandomState, setRandomState } from '../../tensor/random-state';

/** A step draws fewer keys. */
const KEYS_PER_STEP = 2 ** 20;

/**
 * Runs `work` with random numbers that (seed, step, member) determine, so that dropout differs among the members, and a step gives the same
 * wherever and however often it is computed. The global sequence goes on afterwards as if nothing had been drawn.
 *
 * @param rank the place of the member among the members
 */
export function withRandomOf<T>(seed: number, step: number, rank: number, work: () => T): T {
  const before = getRandomState();
  setRandomState({ seed: [seed >>> 0, rank], counter: step * KEYS_PER_STEP });
  try {
    return work();
  } finally {
    setRandomState(before);
  }
}
