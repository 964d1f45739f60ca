import { TRUNCATED_NORMAL_ATTEMPTS } from '../../random';
import { uniformForm } from '../../uniform';
import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

/** A truncated normal number lies within so many standard deviations of the mean. */
const TRUNCATION = 2;

export const random: SimdKernel<'random'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const { distribution, key, a, b } = attributes;
  const output = outputs[0]!;
  const y = offsetOf(output);
  const { size } = output;
  if (output.dtype !== 'float32') {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const [key0, key1] = key;
  switch (distribution) {
    case 'uniform': {
      const { low, range, scale, least, most } = uniformForm(a, b);
      simd.randomUniform(y, size, key0, key1, low, range, scale, least, most);
      break;
    }
    case 'normal':
      simd.randomNormal(y, size, key0, key1, a, b, Infinity, 1);
      break;
    case 'truncatedNormal':
      simd.randomNormal(y, size, key0, key1, a, b, TRUNCATION, TRUNCATED_NORMAL_ATTEMPTS);
      break;
    default:
      plain(backend, inputs, outputs, attributes);
  }
};
