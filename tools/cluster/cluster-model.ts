import {
  dropout,
  fused,
  losses,
  oneHot,
  Reduction,
  type LossResult,
  type Tensor,
  type Tensor2D,
} from 'rxtensor';
import { crossEntropy, models, type DigitBatch, type DigitModel } from '../../examples/mnist-model';
import { heWeights, zeroWeights } from '../../examples/mnist-model/initial-weights';
import type { Job } from './job';

/** A model and its loss. */
export interface ClusterModel extends DigitModel {
  readonly loss: (batch: DigitBatch) => LossResult;
}

/** The share of hidden units that dropout sets to 0. */
const DROPPED = 0.3;
/** Images of this digit count nothing. */
const MASKED_DIGIT = 7;

/** The models of the examples, and one with dropout and a mask: digits that are 7 count nothing, so the parts of a batch weigh differently. */
export function clusterModel(kind: Job['model']): ClusterModel {
  if (kind !== 'masked') {
    const model = models[kind]();
    return { ...model, loss: (batch) => crossEntropy(model, batch) };
  }
  const weights1 = heWeights('hidden/weights', [28 * 28, 64]);
  const bias1 = zeroWeights('hidden/bias', [64]);
  const weights2 = zeroWeights('output/weights', [64, 10]);
  const bias2 = zeroWeights('output/bias', [10]);
  const forward = (images: Tensor, drop: boolean): Tensor2D => {
    const ink = images
      .toFloat()
      .div(255)
      .reshape([-1, 28 * 28]);
    const hidden = fused.matMul({ a: ink, b: weights1, bias: bias1, activation: 'relu' });
    return fused.matMul({ a: drop ? dropout(hidden, DROPPED) : hidden, b: weights2, bias: bias2 });
  };
  return {
    variables: [weights1, bias1, weights2, bias2],
    logits: (images) => forward(images, false),
    loss: ({ xs, ys }) => {
      const mask = ys.toInt().notEqual(MASKED_DIGIT).toFloat();
      const each = losses.softmaxCrossEntropy(
        oneHot(ys.toInt(), 10),
        forward(xs, true),
        mask,
        0,
        Reduction.SUM,
      );
      const weight = mask.sum();
      return { loss: each.asScalar().div(weight.maximum(1)).asScalar(), weight };
    },
  };
}
