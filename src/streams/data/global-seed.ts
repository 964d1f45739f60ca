import { nextKey } from '../../tensor/random-state';

/** A seed of the next 53 bits of the global sequence. */
export function globalSeed(operator: string): number {
  const [high, low] = nextKey(operator, undefined);
  return high * 2097152 + (low >>> 11);
}
