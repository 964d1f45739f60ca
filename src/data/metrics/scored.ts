import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';

/** What a model of two classes says: how likely each example is of class 1. */
export interface Scored {
  /** 1 or true for examples of the class, 0 or false for others. */
  readonly labels: ArrayLike<number | boolean>;
  /** The score of each example, in the same order: high where the model takes it for one of the class. */
  readonly scores: ArrayLike<number>;
}

/** @throws unless there are as many labels as scores, labels are 0 or 1, and scores are numbers, from 0 to 1 if `isShare` */
export function eachScore(
  name: string,
  value: Scored,
  isShare: boolean,
  visit: (isPositive: boolean, score: number) => void,
): void {
  const { labels, scores } = (value ?? {}) as Partial<Scored>;
  if (labels?.length === undefined || labels.length !== scores?.length)
    throw new Error(
      `${name}: the value has ${labels?.length ?? 'no'} labels and ${scores?.length ?? 'no'} scores; wanted as many of each, as {labels, scores}`,
    );
  for (let i = 0; i < labels.length; i++) {
    const label = Number(labels[i]);
    const score = scores[i]!;
    if (label !== 0 && label !== 1)
      throw new Error(`${name}: there is ${label} among the labels; wanted 0 and 1`);
    if (!(isShare ? score >= 0 && score <= 1 : !Number.isNaN(score)))
      throw new Error(
        `${name}: there is ${score} among the scores; wanted ${isShare ? 'numbers from 0 to 1' : 'numbers'}`,
      );
    visit(label === 1, score);
  }
}

/** A state has some numbers for each bin. */
const MOST_BINS = 2 ** 24;

/** @throws unless it is a number of bins that a state has room for */
export function assertBins(name: string, given: "option 'bins'" | "argument 'bins'", bins: number): void {
  assertPositiveInteger(name, given, bins);
  if (bins > MOST_BINS) throw wrongGiven(name, given, bins, `at most ${MOST_BINS}`);
}

/** The bin of a score from 0 to 1; the last bin has 1 as well. */
export function binOf(score: number, bins: number): number {
  return Math.min(bins - 1, Math.floor(score * bins));
}
