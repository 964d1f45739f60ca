import { eachPair, type Classified } from '../../streams/training/classified';
import { assertPositiveInteger, wrongGiven } from '../../streams/checks/arguments';
import { assertAlike } from './assert-alike';
import type { Metric } from './metric';

/** How well a class is found. Where nothing was predicted as the class, or nothing is of it, the quotient 0 / 0 counts as 0, as scikit-learn does by default. */
export interface ClassScores {
  /** Of the examples predicted as the class, the share that is of it. */
  readonly precision: number;
  /** Of the examples of the class, the share that is predicted as it. */
  readonly recall: number;
  /** The harmonic mean of both. */
  readonly f1: number;
  /** How many examples are of the class. */
  readonly support: number;
}

/** A table of classes, and their means. */
export interface ClassReport {
  /** How many examples there were. */
  readonly count: number;
  /** The share of right predictions; also precision, recall and F1 over all examples alike (the micro average). */
  readonly accuracy: number;
  /** By class. */
  readonly classes: readonly ClassScores[];
  /** The mean over the classes, each with the same weight. */
  readonly macro: Omit<ClassScores, 'support'>;
  /** The mean over the classes, each weighted by its support. */
  readonly weighted: Omit<ClassScores, 'support'>;
  /** How often examples of each class (row) were predicted as each class (column). */
  readonly confusion: readonly (readonly number[])[];
}

/** A state has a number for each pair of classes. */
const MOST_CLASSES = 4096;

/** The confusion counts, row by row. */
export type ConfusionState = readonly number[];

/**
 * Precision, recall and F1 of each class, their averages, the accuracy and the confusion matrix: all follow from the same counts.
 *
 * @param classes how many classes there are, numbered from 0
 * @throws (from `add`) when there are not as many labels as predictions, and for a number that is no class
 * @example
 * ```ts
 * import { classReport } from 'rxtensor/data';
 * const report = classReport(2);
 * const state = report.add(report.start(), { labels: [0, 1, 1], predictions: [0, 0, 1] });
 * console.log(report.result(state).classes[1]!.recall); // 0.5
 * ```
 */
export function classReport(classes: number): Metric<Classified, ConfusionState, ClassReport> {
  const name = 'classReport';
  assertPositiveInteger(name, "argument 'classes'", classes);
  if (classes > MOST_CLASSES)
    throw wrongGiven(name, "argument 'classes'", classes, `at most ${MOST_CLASSES}`);
  const assertClass = (what: string, found: number): void => {
    if (Number.isInteger(found) && found >= 0 && found < classes) return;
    throw new Error(`${name}: there is ${found} among the ${what}; wanted classes from 0 to ${classes - 1}`);
  };
  return {
    name,
    start: () => new Array<number>(classes * classes).fill(0),
    add: (state, value) => {
      const counts = [...state];
      eachPair(name, value, (label, prediction) => {
        assertClass('labels', label);
        assertClass('predictions', prediction);
        counts[label * classes + prediction]!++;
      });
      return counts;
    },
    merge: (a, b) => {
      assertAlike(name, classes * classes, a, b);
      return a.map((count, i) => count + b[i]!);
    },
    result: (state) => reportOf(state, classes),
  };
}

/**
 * One number of {@link classReport}: the precision of a class, or an average over all of them.
 *
 * @param classes how many classes there are, numbered from 0: labels and predictions are whole numbers from 0 to `classes` − 1
 * @param of a class, or how to average: with the same weight for each class, or by support; class 1 for two classes, else `'macro'`
 * @example
 * ```ts
 * import { measure, precision } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [0, 1, 1], predictions: [1, 1, 0] }).pipe(measure(precision(2))).subscribe((share) => console.log(share)); // 0.5
 * ```
 */
export function precision(
  classes: number,
  of?: number | 'macro' | 'weighted',
): Metric<Classified, ConfusionState, number> {
  return scoreOf('precision', classes, of);
}

/**
 * The recall of a class, or an average: see {@link precision}.
 *
 * @example
 * ```ts
 * import { measure, recall } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [0, 1, 1], predictions: [1, 1, 0] }).pipe(measure(recall(2))).subscribe((share) => console.log(share)); // 0.5
 * ```
 */
export function recall(
  classes: number,
  of?: number | 'macro' | 'weighted',
): Metric<Classified, ConfusionState, number> {
  return scoreOf('recall', classes, of);
}

/**
 * The F1 score of a class, or an average: see {@link precision}.
 *
 * @example
 * ```ts
 * import { f1, measure } from 'rxtensor/data';
 * import { of } from 'rxjs';
 * of({ labels: [0, 1, 1], predictions: [1, 1, 0] }).pipe(measure(f1(2))).subscribe((share) => console.log(share)); // 0.5
 * ```
 */
export function f1(
  classes: number,
  of?: number | 'macro' | 'weighted',
): Metric<Classified, ConfusionState, number> {
  return scoreOf('f1', classes, of);
}

function scoreOf(
  score: 'precision' | 'recall' | 'f1',
  classes: number,
  of: number | 'macro' | 'weighted' = classes === 2 ? 1 : 'macro',
): Metric<Classified, ConfusionState, number> {
  const report = classReport(classes);
  if (of !== 'macro' && of !== 'weighted' && !(Number.isInteger(of) && of >= 0 && of < classes))
    throw new Error(
      `${score}: argument 'of' is ${of}; wanted a class from 0 to ${classes - 1}, 'macro' or 'weighted'`,
    );
  return {
    ...report,
    name: score,
    result: (state) => {
      const found = report.result(state);
      return (typeof of === 'number' ? found.classes[of]! : found[of])[score];
    },
  };
}

function reportOf(counts: ConfusionState, classes: number): ClassReport {
  const confusion = Array.from({ length: classes }, (_, row) =>
    counts.slice(row * classes, (row + 1) * classes),
  );
  const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
  const scores = confusion.map((row, i): ClassScores => {
    const right = row[i]!;
    const support = sum(row);
    const predicted = sum(confusion.map((each) => each[i]!));
    return {
      precision: quotient(right, predicted),
      recall: quotient(right, support),
      f1: quotient(2 * right, predicted + support),
      support,
    };
  });
  const count = sum(counts);
  const mean = (weightOf: (each: ClassScores) => number): Omit<ClassScores, 'support'> => {
    const weights = sum(scores.map(weightOf));
    const of = (key: 'precision' | 'recall' | 'f1'): number =>
      quotient(sum(scores.map((each) => weightOf(each) * each[key])), weights);
    return { precision: of('precision'), recall: of('recall'), f1: of('f1') };
  };
  return {
    count,
    accuracy: sum(confusion.map((row, i) => row[i]!)) / count,
    classes: scores,
    macro: mean(() => 1),
    weighted: mean(({ support }) => support),
    confusion,
  };
}

function quotient(numerator: number, denominator: number): number {
  return denominator === 0 ? 0 : numerator / denominator;
}
