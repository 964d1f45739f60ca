import { assertAlike } from './assert-alike';
import type { Metric } from './metric';
import { assertBins, eachScore, type Scored } from './scored';

/** Whether predicted probabilities are what happens. */
export interface Calibration {
  /** How many examples there were. */
  readonly count: number;
  /** The bins that have examples, from low scores to high ones. */
  readonly bins: readonly {
    /** The mean of the scores in the bin. */
    readonly predicted: number;
    /** The share of its examples that are of class 1. */
    readonly observed: number;
    readonly count: number;
  }[];
  /** The mean distance of `predicted` from `observed`, weighted by the counts (Naeini, Cooper & Hauskrecht 2015). */
  readonly expectedError: number;
  /** The mean squared distance of scores from labels (Brier 1950). */
  readonly brier: number;
}

/** By bin: how many examples, how many of class 1, the sum of their scores; and the sum of the squared errors. */
export interface CalibrationSums {
  /** The number of examples in each bin. */
  readonly counts: readonly number[];
  /** How many of them are of class 1. */
  readonly positives: readonly number[];
  /** The sum of their scores. */
  readonly scores: readonly number[];
  /** The sum of squared errors, of all bins. */
  readonly squared: number;
}

/**
 * The calibration curve of predicted probabilities in bins of equal width, the expected calibration error, and the Brier score. A score between two bins belongs to the lower one, as in
 * scikit-learn's `calibration_curve`.
 *
 * @param bins how many; 10 when left out
 * @throws from `add`, for a score outside of 0 to 1
 * @example
 * ```ts
 * import { calibration, measure } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [0, 1], scores: [0.2, 0.9] })
 *   .pipe(measure(calibration(5)))
 *   .subscribe(({ brier }) => console.log(brier)); // 0.025
 * ```
 */
export function calibration(bins = 10): Metric<Scored, CalibrationSums, Calibration> {
  const name = 'calibration';
  assertBins(name, "argument 'bins'", bins);
  const zeros = (): number[] => new Array<number>(bins).fill(0);
  const sum = (a: readonly number[], b: readonly number[]): number[] => a.map((each, i) => each + b[i]!);
  return {
    name,
    start: () => ({ counts: zeros(), positives: zeros(), scores: zeros(), squared: 0 }),
    add: (state, value) => {
      const [counts, positives, scores] = [[...state.counts], [...state.positives], [...state.scores]];
      let { squared } = state;
      eachScore(name, value, true, (isPositive, score) => {
        const bin = binOf(score, bins);
        counts[bin]!++;
        positives[bin]! += Number(isPositive);
        scores[bin]! += score;
        squared += (score - Number(isPositive)) ** 2;
      });
      return { counts, positives, scores, squared };
    },
    merge: (a, b) => {
      assertAlike(name, bins, a?.counts, b?.counts);
      return {
        counts: sum(a.counts, b.counts),
        positives: sum(a.positives, b.positives),
        scores: sum(a.scores, b.scores),
        squared: a.squared + b.squared,
      };
    },
    result: ({ counts, positives, scores, squared }) => {
      const count = counts.reduce((total, each) => total + each, 0);
      const found = counts.flatMap((each, i) =>
        each === 0 ? [] : [{ predicted: scores[i]! / each, observed: positives[i]! / each, count: each }],
      );
      const distance = found.reduce(
        (total, each) => total + each.count * Math.abs(each.predicted - each.observed),
        0,
      );
      return { count, bins: found, expectedError: distance / count, brier: squared / count };
    },
  };
}

/** The bin of a score: its upper end belongs to it, its lower end does not; 0 is in the first. The ends are computed as NumPy's `linspace` does, which scikit-learn uses. */
function binOf(score: number, bins: number): number {
  const width = 1 / bins;
  let bin = Math.min(bins - 1, Math.floor(score * bins));
  while (bin > 0 && score <= bin * width) bin--;
  while (bin < bins - 1 && score > (bin + 1) * width) bin++;
  return bin;
}
