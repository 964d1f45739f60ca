import { stack } from '../../tensor/ops/slice';
import { cast } from '../../tensor/ops/cast';
import { reshape } from '../../tensor/ops/reshape';
import type { Tensor, Tensor2D } from '../../tensor/tensor';

/**
 * Labels and predictions (or scores) of a batch as one float32 tensor [2, n]: what a metric of {@link trainStep} may return, so that it comes down with the loss.
 *
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
export function pairs(labels: Tensor, predictions: Tensor): Tensor2D {
  return stack([labels, predictions].map((each) => reshape(cast(each, 'float32'), [-1]))) as Tensor2D;
}

/** Labels and predictions of examples, in the same order; `scores` are the predictions once more. */
export interface Unpaired {
  readonly labels: ArrayLike<number>;
  readonly predictions: ArrayLike<number>;
  readonly scores: ArrayLike<number>;
}

/**
 * The values of a tensor of {@link pairs}, when they have come down.
 *
 * @throws when their number is odd
 * @example
 * ```ts
 * import { unpaired } from 'rxtensor/data';
 * console.log(unpaired(Float32Array.of(1, 0, 0.5, 0.25)).scores); // 0.5, 0.25
 * ```
 */
export function unpaired(values: ArrayLike<number>): Unpaired {
  const half = values.length / 2;
  if (!Number.isInteger(half))
    throw new Error(
      `unpaired: argument 'values' has ${values.length} numbers; wanted those of a tensor of pairs()`,
    );
  const all = Array.from(values);
  const predictions = all.slice(half);
  return { labels: all.slice(0, half), predictions, scores: predictions };
}
