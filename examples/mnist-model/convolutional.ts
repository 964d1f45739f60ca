import type { Rank, Tensor, Tensor2D } from 'rxtensor';
import { heWeights, zeroWeights } from './initial-weights';
import type { DigitModel } from './model';

/**
 * Two stages of 5 × 5 convolution, relu and 2 × 2 max pooling, then a dense layer: 28 × 28 pixels → 12 × 12 × 8 strokes
 * → 4 × 4 × 16 shapes → ten scores. After LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document
 * recognition" (1998).
 */
export function convolutionalModel(): DigitModel {
  const filter1 = heWeights<Rank.R4>('conv1/filter', [5, 5, 1, 8]);
  const bias1 = zeroWeights<Rank.R1>('conv1/bias', [8]);
  const filter2 = heWeights<Rank.R4>('conv2/filter', [5, 5, 8, 16]);
  const bias2 = zeroWeights<Rank.R1>('conv2/bias', [16]);
  const weights = zeroWeights<Rank.R2>('dense/weights', [4 * 4 * 16, 10]);
  const bias = zeroWeights<Rank.R1>('dense/bias', [10]);

  function logits(images: Tensor): Tensor2D {
    const ink = images.toFloat().div(255).reshape<Rank.R4>([-1, 28, 28, 1]);
    const strokes = ink.conv2d(filter1, 1, 'valid').add(bias1).relu().maxPool(2, 2, 'valid');
    const shapes = strokes.conv2d(filter2, 1, 'valid').add(bias2).relu().maxPool(2, 2, 'valid');
    return shapes
      .reshape<Rank.R2>([-1, 4 * 4 * 16])
      .matMul<Tensor2D>(weights)
      .add(bias);
  }

  return { variables: [filter1, bias1, filter2, bias2, weights, bias], logits };
}
