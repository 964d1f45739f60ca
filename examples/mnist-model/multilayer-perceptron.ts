import { fused, type Tensor, type Tensor2D } from 'rxtensor';
import { heWeights, zeroWeights } from './initial-weights';
import type { DigitModel } from './model';

/** One hidden layer of 128 rectified units: 28 × 28 pixels → 128 features → ten scores. */
export function multilayerPerceptron(): DigitModel {
  const weights1 = heWeights('hidden/weights', [28 * 28, 128]);
  const bias1 = zeroWeights('hidden/bias', [128]);
  const weights2 = zeroWeights('output/weights', [128, 10]);
  const bias2 = zeroWeights('output/bias', [10]);

  function logits(images: Tensor): Tensor2D {
    const ink = images
      .toFloat()
      .div(255)
      .reshape([-1, 28 * 28]);
    const hidden = fused.matMul({ a: ink, b: weights1, bias: bias1, activation: 'relu' });
    return fused.matMul({ a: hidden, b: weights2, bias: bias2 });
  }

  return { variables: [weights1, bias1, weights2, bias2], logits };
}
