import type { Kernel } from '../kernel-table';
import { wordsOf, type CpuBackend } from './backend';

export const flattenIndices: Kernel<CpuBackend, 'flattenIndices'> = (
  backend,
  [input],
  [output],
  { extents },
) => {
  const indices = wordsOf(backend, input!);
  const y = wordsOf(backend, output!);
  let from = 0;
  for (let i = 0; i < y.length; i++) {
    let flat = 0;
    let isInside = true;
    for (const extent of extents) {
      const index = indices[from++]!;
      isInside &&= index >= 0 && index < extent;
      flat = flat * extent + index;
    }
    y[i] = isInside ? flat : -1;
  }
};

export const lastPlaces: Kernel<CpuBackend, 'lastPlaces'> = (backend, [input], [output]) => {
  const indices = wordsOf(backend, input!);
  const y = wordsOf(backend, output!);
  y.fill(-1);
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k]!;
    if (index >= 0 && index < y.length) y[index] = k;
  }
};
