import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

export const softmax: SimdKernel<'softmax'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const { outer, extent, logarithm } = attributes;
  if (extent === 0) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const rows = logarithm ? simd.logSoftmax : simd.softmax;
  rows(offsetOf(inputs[0]!), offsetOf(outputs[0]!), outer, extent);
};

export const softmaxGradient: SimdKernel<'softmaxGradient'> =
  (simd) =>
  (_backend, [y, dy], [dx], attributes) => {
    const { outer, extent, logarithm } = attributes;
    const rows = logarithm ? simd.logSoftmaxGradient : simd.softmaxGradient;
    rows(offsetOf(y!), offsetOf(dy!), offsetOf(dx!), outer, extent);
  };
