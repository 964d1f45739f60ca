import { fused, type Tensor, type Tensor1D, type Tensor2D, type Tensor4D } from 'rxtensor';
import { heWeights, zeroWeights } from './initial-weights';
import type { DigitModel } from './model';

/**
 * Two stages of 5 × 5 convolution, relu and 2 × 2 max pooling, then a dense layer: 28 × 28 pixels → 12 × 12 × 8 strokes
 * → 4 × 4 × 16 shapes → ten scores. After LeCun, Bottou, Bengio, Haffner: "Gradient-based learning applied to document
 * recognition" (1998).
 */
export function convolutionalModel(): DigitModel {
  const filter1 = heWeights('conv1/filter', [5, 5, 1, 8]);
  const bias1 = zeroWeights('conv1/bias', [8]);
  const filter2 = heWeights('conv2/filter', [5, 5, 8, 16]);
  const bias2 = zeroWeights('conv2/bias', [16]);
  const weights = zeroWeights('dense/weights', [4 * 4 * 16, 10]);
  const bias = zeroWeights('dense/bias', [10]);

  function logits(images: Tensor): Tensor2D {
    const ink = images.toFloat().div(255).reshape([-1, 28, 28, 1]);
    const strokes = stage(ink, filter1, bias1);
    const shapes = stage(strokes, filter2, bias2);
    return fused.matMul({ a: shapes.reshape([-1, 4 * 4 * 16]), b: weights, bias });
  }

  return { variables: [filter1, bias1, filter2, bias2, weights, bias], logits };
}

/** Bias and relu are part of the convolution, so that its result is written once. */
function stage(x: Tensor4D, filter: Tensor4D, bias: Tensor1D): Tensor4D {
  const features = fused.conv2d({ x, filter, strides: 1, pad: 'valid', bias, activation: 'relu' });
  return features.maxPool(2, 2, 'valid');
}
