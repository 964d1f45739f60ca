import type { Kernel } from '../kernel-table';
import { valuesOf, wordsOf, type CpuBackend } from './backend';

export const oneHot: Kernel<CpuBackend, 'oneHot'> = (backend, [input], [output], { depth, on, off }) => {
  const indices = wordsOf(backend, input!);
  const y = valuesOf(backend, output!);
  y.fill(off);
  for (let i = 0; i < indices.length; i++) {
    const index = indices[i]!;
    if (index >= 0 && index < depth) y[i * depth + index] = on;
  }
};
