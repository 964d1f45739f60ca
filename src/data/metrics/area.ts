import { assertOptions } from '../../tensor/options';
import { assertAlike, assertNumbers } from './assert-alike';
import type { Metric } from './metric';
import { assertBins, binOf, eachScore, type Scored } from './scored';

/** The area under a curve. NaN while one of the classes is missing. An exact one is computed when it is read: n scores are sorted then, n log n. */
export interface Area {
  /** The area, 0 to 1. */
  readonly value: number;
  /** The area of all scores lies at most this far from `value`: 0 where it is exact. */
  readonly error: number;
}

/** How the scores are kept. */
export interface AreaOptions {
  /** The number of bins of the histogram over 0 to 1; 1000 when left out. */
  readonly bins?: number;
  /**
   * Whether all scores are kept, of any magnitude, and the area is exact. Memory grows by one number an example then, and to read an area takes n log n for n of
   * them: after each batch of a long stream, read those that are needed, or use the histogram.
   */
  readonly exact?: boolean;
}

/** How many examples of each class have each score: bins in the order of their scores; with `exact`, the scores themselves. */
export interface ScoreCounts {
  /** Whether the lists have the scores themselves, not counts by bin. */
  readonly isExact: boolean;
  /** Those of examples of class 1. */
  readonly positives: readonly number[];
  /** Those of examples of class 0. */
  readonly negatives: readonly number[];
}

/** Examples whose scores are in one bin, or are equal. */
interface Tie {
  readonly positives: number;
  readonly negatives: number;
}

/**
 * The area under the ROC curve: the probability that an example of class 1 has a higher score than one of class 0, equal scores counting half.
 *
 * By a histogram, examples in one bin count as equal. Their true order can add or take away half of their pairs: `error` is the sum of that, (Σ pₙ nₙ / 2) / (P N).
 *
 * @throws when an option is invalid; from `add`, for a score outside of 0 to 1 (with `exact`: that is no number)
 * @example
 * ```ts
 * import { measure, rocAuc } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [0, 0, 1, 1], scores: [0.1, 0.4, 0.35, 0.8] })
 *   .pipe(measure(rocAuc()))
 *   .subscribe(({ value, error }) => console.log(value, error)); // 0.75 0
 * ```
 */
export function rocAuc(options: AreaOptions = {}): Metric<Scored, ScoreCounts, Area> {
  return areaMetric('rocAuc', options, (ties, positives, negatives, isExact) => {
    let above = 0;
    let pairs = 0;
    let tied = 0;
    for (const tie of ties) {
      pairs += tie.negatives * (above + tie.positives / 2);
      tied += tie.negatives * tie.positives;
      above += tie.positives;
    }
    const all = positives * negatives;
    return { value: pairs / all, error: isExact ? 0 : tied / 2 / all };
  });
}

/**
 * The area under the curve of precision over recall, as average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the thresholds, without interpolation.
 *
 * By a histogram, the order of the p examples of class 1 and the n of class 0 in a bin, below P of the one class and N of the other, is unknown. Each of the p has a
 * precision of at most (P + p) / (P + p + N); the sum of all is at least p − (N + n) ln((P + p + N + n) / (P + N + n)), the integral of their worst order.
 * `value` is the middle of both bounds, `error` half of their distance.
 *
 * @throws as {@link rocAuc}
 * @example
 * ```ts
 * import { measure, prAuc } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [0, 0, 1, 1], scores: [0.1, 0.4, 0.35, 0.8] })
 *   .pipe(measure(prAuc({ exact: true })))
 *   .subscribe(({ value }) => console.log(value)); // 0.83…
 * ```
 */
export function prAuc(options: AreaOptions = {}): Metric<Scored, ScoreCounts, Area> {
  return areaMetric('prAuc', options, (ties, positives, negatives, isExact) => {
    if (negatives === 0) return { value: 1, error: 0 };
    let truly = 0;
    let falsely = 0;
    let least = 0;
    let most = 0;
    for (const tie of ties) {
      const found = truly + tie.positives;
      const wrongly = falsely + tie.negatives;
      if (tie.positives > 0) {
        const together = (tie.positives * found) / (found + wrongly);
        // An order that is known, or does not matter, has one precision.
        const isKnown = isExact || (tie.negatives === 0 && tie.positives === 1);
        most += isKnown ? together : (tie.positives * found) / (found + falsely);
        const worst =
          wrongly === 0
            ? tie.positives
            : tie.positives - wrongly * Math.log((found + wrongly) / (truly + wrongly));
        least += isKnown ? together : worst;
      }
      truly = found;
      falsely = wrongly;
    }
    return { value: (least + most) / 2 / positives, error: (most - least) / 2 / positives };
  });
}

function areaMetric(
  name: string,
  options: AreaOptions,
  areaOf: (ties: Iterable<Tie>, positives: number, negatives: number, isExact: boolean) => Area,
): Metric<Scored, ScoreCounts, Area> {
  assertOptions<AreaOptions>(name, options, { bins: 1, exact: 1 });
  const { bins = 1000, exact = false } = options;
  assertBins(name, "option 'bins'", bins);
  const zeros = (): number[] => new Array<number>(exact ? 0 : bins).fill(0);
  const total = (counts: readonly number[]): number =>
    exact ? counts.length : counts.reduce((sum, each) => sum + each, 0);
  return {
    name,
    start: () => ({ isExact: exact, positives: zeros(), negatives: zeros() }),
    add: (state, value) => {
      // Only this metric has the state: it is changed in place, since an exact one is long.
      const { positives, negatives } = state as Record<'positives' | 'negatives', unknown> as Record<
        'positives' | 'negatives',
        number[]
      >;
      eachScore(name, value, !exact, (isPositive, score) => {
        const counts = isPositive ? positives : negatives;
        if (exact) counts.push(score);
        else counts[binOf(score, bins)]!++;
      });
      return state;
    },
    merge: (a, b) => {
      for (const state of [a, b]) {
        assertForm(name, exact, state);
        if (exact) assertNumbers(name, state.positives.concat(state.negatives));
      }
      if (!exact) assertAlike(name, bins, a.positives, a.negatives, b.positives, b.negatives);
      const both = (x: readonly number[], y: readonly number[]): number[] =>
        exact ? x.concat(y) : x.map((count, i) => count + y[i]!);
      return {
        isExact: exact,
        positives: both(a.positives, b.positives),
        negatives: both(a.negatives, b.negatives),
      };
    },
    result: (state) => {
      const positives = total(state.positives);
      const negatives = total(state.negatives);
      if (positives === 0 || (negatives === 0 && name === 'rocAuc')) return { value: NaN, error: NaN };
      if (!exact) return areaOf(tiesOfBins(state), positives, negatives, false);
      const { positives: up, negatives: down } = state;
      // Scores are only added behind these.
      return whenRead(() =>
        areaOf(tiesOfScores(up.slice(0, positives), down.slice(0, negatives)), positives, negatives, true),
      );
    },
  };
}

/** @throws unless it is a state with the scores, or with a histogram, as the metric that merges it */
function assertForm(name: string, exact: boolean, state: ScoreCounts | null | undefined): void {
  if (state?.isExact === exact) return;
  const form = (isExact: unknown): string =>
    isExact === true ? 'exact' : isExact === false ? 'a histogram' : 'of another metric';
  throw new Error(
    `${name}: a state to merge is ${form(state?.isExact)}; wanted ${form(exact)}: give all metrics of parts the same option 'exact'`,
  );
}

/** An exact area: it is emitted after each value, and most are never read. */
function whenRead(compute: () => Area): Area {
  let area: Area | null = null;
  const computed = (): Area => (area ??= compute());
  return {
    get value() {
      return computed().value;
    },
    get error() {
      return computed().error;
    },
  };
}

/** From the highest scores down. */
function* tiesOfBins({ positives, negatives }: ScoreCounts): Generator<Tie> {
  for (let i = positives.length - 1; i >= 0; i--) {
    if (positives[i]! + negatives[i]! > 0) yield { positives: positives[i]!, negatives: negatives[i]! };
  }
}

/** From the highest score down; equal ones together. */
function* tiesOfScores(positives: readonly number[], negatives: readonly number[]): Generator<Tie> {
  const [up, down] = [positives, negatives].map((scores) => Float64Array.from(scores).sort().reverse()) as [
    Float64Array,
    Float64Array,
  ];
  for (let i = 0, k = 0; i < up.length || k < down.length;) {
    const score = Math.max(up[i] ?? -Infinity, down[k] ?? -Infinity);
    const [from, fromOther] = [i, k];
    while (i < up.length && up[i] === score) i++;
    while (k < down.length && down[k] === score) k++;
    yield { positives: i - from, negatives: k - fromOther };
  }
}
