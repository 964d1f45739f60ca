import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

export const activationGradient: SimdKernel<'activationGradient'> =
  (simd) =>
  (_backend, [dy, y], [dx], { name, alpha }) => {
    simd[`gradient_${name}`](offsetOf(dy!), offsetOf(y!), offsetOf(dx!), dx!.storage.size, alpha);
  };
