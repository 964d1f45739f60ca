import type { Step } from './step';

/** The weights of classes, by what a step has learned. */
const weights = new WeakMap<object, ReadonlyMap<string, number>>();

/** The weight of each class of a fitted step of `classWeights`. */
export function weightsOf(step: Step): ReadonlyMap<string, number> {
  const { words, counts } = step.fitted as {
    readonly words: readonly string[];
    readonly counts: readonly number[];
  };
  let found = weights.get(words);
  if (!found) {
    const rows = counts.reduce((sum, count) => sum + count, 0);
    weights.set(words, (found = new Map(words.map((word, i) => [word, rows / (words.length * counts[i]!)]))));
  }
  return found;
}
