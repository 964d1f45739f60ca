import { losses, oneHot, type Scalar, type Tensor } from 'rxtensor';
import type { DigitModel } from './model';

/** What one training step sees. */
export interface DigitBatch {
  /** Images [n, 28, 28] of ink from 0 to 255. */
  readonly xs: Tensor;
  /** What they show, [n]. */
  readonly ys: Tensor;
}

/** The mean of −log(the probability that the model gives to the right digit). */
export function crossEntropy(model: DigitModel, { xs, ys }: DigitBatch): Scalar {
  return losses.softmaxCrossEntropy(oneHot(ys.toInt(), 10), model.logits(xs)).asScalar();
}
