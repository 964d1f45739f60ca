import { tensor1d } from '../../tensor/ops/creation';
import { cast } from '../../tensor/ops/cast';
import { concat } from '../../tensor/ops/concat';
import { reshape } from '../../tensor/ops/reshape';
import type { Tensor, Tensor1D } from '../../tensor/tensor';
import { batchMark } from './batch-mark';

const mark = batchMark();

/**
 * Labels and predictions (or scores) of n examples as one float32 tensor [2n + 1]: what a metric of {@link trainStep} may return, so that it comes down with the loss. The last number tells
 * {@link unpaired} whether they are those of one batch.
 *
 * @throws unless there are as many of each
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { pairs, unpaired } from 'rxtensor/data';
 * dl.tidy(() => {
 *   const both = pairs(dl.tensor1d([1, 0]), dl.tensor1d([0.9, 0.2]));
 *   console.log(unpaired(both.dataSync()).labels); // 1, 0
 * });
 * ```
 */
export function pairs(labels: Tensor, predictions: Tensor): Tensor1D {
  if (labels.size !== predictions.size)
    throw new Error(
      `pairs: the value has ${labels.size} labels and ${predictions.size} predictions; wanted as many of each`,
    );
  const both = [labels, predictions].map((each) => reshape(cast(each, 'float32'), [-1]));
  return concat([...both, tensor1d([mark.number()])]);
}

/** Labels and predictions of examples, in the same order; `scores` are the predictions once more. */
export interface Unpaired {
  /** The right answers. */
  readonly labels: ArrayLike<number>;
  /** What the model says, in the same order. */
  readonly predictions: ArrayLike<number>;
  /** The same as `predictions`, under the name by which metrics of scores look for it. */
  readonly scores: ArrayLike<number>;
}

/**
 * The values of a tensor of {@link pairs}, when they have come down.
 *
 * @throws for other values, and for means over several batches, as those of `trainStep` with `accumulate`
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { pairs, unpaired } from 'rxtensor/data';
 * dl.tidy(() => {
 *   const both = pairs(dl.tensor1d([1, 0]), dl.tensor1d([0.5, 0.25]));
 *   console.log(unpaired(both.dataSync()).scores); // 0.5, 0.25
 * });
 * ```
 */
export function unpaired(values: ArrayLike<number>): Unpaired {
  const all = Array.from(values);
  const last = all.pop();
  if (!mark.isIn(last))
    throw new Error(
      "unpaired: argument 'values' has means over several batches, or none of pairs(); wanted all of its values, of trainStep() without 'accumulate'",
    );
  const predictions = all.splice(all.length / 2);
  return { labels: all, predictions, scores: predictions };
}
