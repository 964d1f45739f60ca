import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import { wordsOf, type CpuBackend } from './backend';
import { copyStrided } from './copy';

export const transpose: Kernel<CpuBackend, 'transpose'> = (backend, [input], [output], { permutation }) => {
  const strides = stridesOf(input!.shape);
  const permuted = permutation.map((axis) => strides[axis]!);
  copyStrided(wordsOf(backend, input!), 0, permuted, wordsOf(backend, output!), output!.shape);
};
