import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import { wordsOf, type CpuBackend } from './backend';
import { copyStrided } from './copy';

export const slice: Kernel<CpuBackend, 'slice'> = (backend, [input], [output], { begin, strides }) => {
  const inputStrides = stridesOf(input!.shape);
  let start = 0;
  for (let axis = 0; axis < begin.length; axis++) start += begin[axis]! * inputStrides[axis]!;
  const steps = inputStrides.map((stride, axis) => stride * strides[axis]!);
  copyStrided(wordsOf(backend, input!), start, steps, wordsOf(backend, output!), output!.shape);
};
