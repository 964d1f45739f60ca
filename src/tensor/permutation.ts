import { threefry } from '../kernels';
import { seedWords } from './random-state';

/**
 * A random permutation of 0 … length − 1 (Fisher & Yates 1938). It depends only on the length, the seed and the epoch, so that the order of
 * any epoch can be computed without the epochs before it.
 */
export function permutation(length: number, seed: number, epoch: number): Uint32Array {
  const [key0, key1] = seedWords('permutation', seed);
  const order = Uint32Array.from({ length }, (_, i) => i);
  const words = new Uint32Array(2);
  for (let i = length - 1; i > 0; i--) {
    threefry(key0, key1, i, epoch, words);
    const j = uniformBelow(i + 1, words);
    const taken = order[i]!;
    order[i] = order[j]!;
    order[j] = taken;
  }
  return order;
}

/** A random integer in [0, bound), made of 53 of the words' 64 bits. Its bias is below 2⁻²¹ for all bounds up to 2³². */
function uniformBelow(bound: number, words: Uint32Array): number {
  const unit = (words[0]! * 2097152 + (words[1]! >>> 11)) / 9007199254740992;
  return Math.floor(unit * bound);
}

/** A sequence of random integers: each call of the result returns the next one, in [0, bound). It depends only on the seed and the bounds. */
export function integerSequence(seed: number, from = 0): (bound: number) => number {
  const [key0, key1] = seedWords('shuffle', seed);
  const words = new Uint32Array(2);
  let counter = from;
  return (bound) => {
    threefry(key0, key1, counter >>> 0, Math.floor(counter / 4294967296), words);
    counter++;
    return uniformBelow(bound, words);
  };
}
