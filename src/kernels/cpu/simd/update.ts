import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

/** Takes a value, its gradient and up to three slots; writes the next value and the next slots. */
export const update: SimdKernel<'update'> = (simd) => (_backend, inputs, outputs, attributes) => {
  const { name, hyperparameters } = attributes;
  const [h0 = 0, h1 = 0, h2 = 0, h3 = 0, h4 = 0, h5 = 0, h6 = 0] = hyperparameters;
  const [value = 0, gradient = 0, slot0 = 0, slot1 = 0, slot2 = 0] = inputs.map(offsetOf);
  const [newValue = 0, new0 = 0, new1 = 0, new2 = 0] = outputs.map(offsetOf);
  const length = inputs[0]!.size;
  simd.setHyperparameters(h0, h1, h2, h3, h4, h5, h6);
  simd[`update_${name}`](value, gradient, slot0, slot1, slot2, newValue, new0, new1, new2, length);
};
