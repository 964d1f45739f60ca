import { assertFinite, isIntegerFrom, isIntegers, wrongArgument } from './argument';
import { threefry } from '../kernels';

/** The state of the global random number generator, as checkpoints store it. */
export interface RandomState {
  /** The seed of the sequence, as two words of 32 bits. */
  readonly seed: readonly [number, number];
  /** The number of keys drawn since the seed was set: one for each random op without a seed of its own. */
  readonly counter: number;
}

const WORD = 4294967295;
const words = new Uint32Array(2);
/** The seed of the global sequence. */
let globalSeed: [number, number] = [entropy(), entropy()];
let counter = 0;

function entropy(): number {
  return Math.floor(Math.random() * 4294967296);
}

/** Turns a seed, any finite number, into two words of 32 bits. @throws unless it is a finite number */
export function seedWords(name: string, value: number): [number, number] {
  assertFinite(name, 'seed', value);
  if (Number.isInteger(value)) return [value >>> 0, Math.floor(value / 4294967296) >>> 0];
  const bits = new Uint32Array(new Float64Array([value]).buffer);
  return [bits[0]!, bits[1]!];
}

/**
 * Restarts the global sequence of random numbers. The same seed gives the same numbers on every backend; normal and gamma
 * numbers agree within a tolerance (see {@link randomNormal}).
 *
 * @param seed any finite number
 * @throws when the seed is not a finite number
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.setSeed(7);
 * dl.randomUniform([3]).print();
 * ```
 */
export function setSeed(seed: number): void {
  globalSeed = seedWords('setSeed', seed);
  counter = 0;
}

/**
 * Returns the state of the global sequence, to continue it later by {@link setRandomState}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const state = dl.getRandomState();
 * dl.tidy(() => dl.randomNormal([2]).print());
 * dl.setRandomState(state);
 * dl.tidy(() => dl.randomNormal([2]).print()); // the same
 * ```
 */
export function getRandomState(): RandomState {
  return { seed: [globalSeed[0], globalSeed[1]], counter };
}

/**
 * Continues the global sequence from a state that {@link getRandomState} returned.
 *
 * @throws when the state is malformed
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.setRandomState({ seed: [1, 0], counter: 0 }); // as setSeed(1)
 * console.log(dl.getRandomState().counter); // 0
 * ```
 */
export function setRandomState(state: RandomState): void {
  const { seed: key, counter: count } = (state ?? {}) as Partial<RandomState>;
  if (
    !isIntegers(key, 0, 2) ||
    key.some((word) => word > WORD) ||
    !Number.isSafeInteger(count) ||
    !isIntegerFrom(count, 0)
  ) {
    throw wrongArgument(
      'setRandomState',
      'state',
      state,
      'what getRandomState gives: {seed: two integers of 32 bits, counter}',
    );
  }
  globalSeed = [key[0], key[1]];
  counter = count;
}

/** The key for a random op: from its own seed if it has one, else the next key of the global sequence. */
export function nextKey(name: string, own: number | null | undefined): [number, number] {
  if (own !== undefined && own !== null) return seedWords(name, own);
  const index = counter++;
  threefry(globalSeed[0], globalSeed[1], index >>> 0, Math.floor(index / 4294967296), words);
  return [words[0]!, words[1]!];
}
