import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

/** Covers rows that are not empty. */
export const crossEntropy: SimdKernel<'crossEntropy'> =
  (simd, plain) => (backend, inputs, outputs, attributes) => {
    const [labels, logits] = inputs;
    const { outer, extent } = attributes;
    if (extent === 0) plain(backend, inputs, outputs, attributes);
    else simd.crossEntropy(offsetOf(labels!), offsetOf(logits!), offsetOf(outputs[0]!), outer, extent);
  };

export const crossEntropyGradient: SimdKernel<'crossEntropyGradient'> =
  (simd) =>
  (_backend, [labels, logits, dy], [dx], { outer, extent }) => {
    simd.crossEntropyGradient(
      offsetOf(labels!),
      offsetOf(logits!),
      offsetOf(dy!),
      offsetOf(dx!),
      outer,
      extent,
    );
  };
