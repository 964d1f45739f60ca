import { sameShape } from '../../strides';
import { offsetOf } from '../backend';
import type { SimdKernel } from './simd-kernel';

/** Covers operands of the output's shape, and a and b of one element. The plain kernel does other broadcasts. */
export const select: SimdKernel<'select'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [condition, a, b] = inputs;
  const output = outputs[0]!;
  const size = output.size;
  const covered = inputs.every(
    (input, i) => sameShape(input.shape, output.shape) || (i > 0 && input.size === 1),
  );
  if (!covered || size === 0) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const aStep = a!.size === size ? 1 : 0;
  const bStep = b!.size === size ? 1 : 0;
  simd.select(offsetOf(condition!), offsetOf(a!), aStep, offsetOf(b!), bStep, offsetOf(output), size);
};
