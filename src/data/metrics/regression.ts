import { described } from '../../tensor/argument';
import { eachPair } from '../../streams/training/classified';
import { assertNumbers } from './assert-alike';
import type { Metric } from './metric';

/** True numbers and a model's predictions of them, in the same order. */
export interface Predicted {
  /** The right numbers. */
  readonly labels: ArrayLike<number>;
  /** What the model says, in the same order. */
  readonly predictions: ArrayLike<number>;
}

/** The errors of a model that predicts numbers. All are NaN before the first example. */
export interface RegressionErrors {
  /** How many examples there were. */
  readonly count: number;
  /** The mean absolute error. */
  readonly mae: number;
  /** The mean squared error. */
  readonly mse: number;
  /** Its root. */
  readonly rmse: number;
  /** The mean of prediction − label: positive where the model predicts too much. */
  readonly bias: number;
  /** The greatest absolute error. */
  readonly maxError: number;
  /**
   * The coefficient of determination: 1 − (sum of squared errors) / (sum of squared distances of labels from their mean). 1 where all predictions are exact; for
   * labels that are all equal otherwise 0.
   */
  readonly r2: number;
}

/** The sums of {@link regression}. */
export interface RegressionSums {
  /** How many examples there were. */
  readonly count: number;
  /** The sum of absolute errors. */
  readonly absolute: number;
  /** The sum of squared errors. */
  readonly squared: number;
  /** The sum of prediction − label. */
  readonly signed: number;
  /** The greatest absolute error. */
  readonly greatest: number;
  /** The mean of the labels. */
  readonly mean: number;
  /** The sum of squared distances of the labels from their mean. */
  readonly spread: number;
}

/**
 * The errors of predicted numbers: MAE, MSE, RMSE, bias, the greatest error and R².
 *
 * The spread of the labels is followed by the update of Welford (1962), merged as in Chan, Golub & LeVeque (1979), so that large labels lose no digits.
 *
 * @example
 * ```ts
 * import { regression } from 'rxtensor/data';
 * const errors = regression();
 * const state = errors.add(errors.start(), { labels: [1, 2, 3], predictions: [1, 2, 5] });
 * console.log(errors.result(state).rmse); // 1.15…
 * ```
 */
export function regression(): Metric<Predicted, RegressionSums, RegressionErrors> {
  const name = 'regression';
  return {
    name,
    start: () => ({ count: 0, absolute: 0, squared: 0, signed: 0, greatest: 0, mean: 0, spread: 0 }),
    add: (state, value) => {
      let { count, absolute, squared, signed, greatest, mean, spread } = state;
      eachPair(name, value, (label, prediction) => {
        if (typeof label !== 'number' || typeof prediction !== 'number')
          throw new Error(
            `${name}: there is ${described(typeof label === 'number' ? prediction : label)} among the labels and predictions; wanted numbers`,
          );
        const error = prediction - label;
        count++;
        absolute += Math.abs(error);
        squared += error * error;
        signed += error;
        greatest = Math.max(greatest, Math.abs(error));
        const distance = label - mean;
        mean += distance / count;
        spread += distance * (label - mean);
      });
      return { count, absolute, squared, signed, greatest, mean, spread };
    },
    merge: (a, b) => {
      for (const state of [a, b]) {
        if (state?.spread === undefined)
          throw new Error(`${name}: a state to merge has no sums; wanted one of regression()`);
        assertNumbers(name, Object.values(state));
      }
      const count = a.count + b.count;
      const distance = b.mean - a.mean;
      const share = count === 0 ? 0 : b.count / count;
      return {
        count,
        absolute: a.absolute + b.absolute,
        squared: a.squared + b.squared,
        signed: a.signed + b.signed,
        greatest: Math.max(a.greatest, b.greatest),
        mean: a.mean + distance * share,
        spread: a.spread + b.spread + distance * distance * a.count * share,
      };
    },
    result: ({ count, absolute, squared, signed, greatest, spread }) => ({
      count,
      mae: absolute / count,
      mse: squared / count,
      rmse: Math.sqrt(squared / count),
      bias: signed / count,
      maxError: count === 0 ? NaN : greatest,
      r2: count === 0 ? NaN : squared === 0 ? 1 : spread === 0 ? 0 : 1 - squared / spread,
    }),
  };
}
