import type { Kernel } from '../kernel-table';
import { valuesOf, wordsOf, type CpuBackend } from './backend';

export const argReduce: Kernel<CpuBackend, 'argReduce'> = (backend, [input], [output], attributes) => {
  const { name, outer, extent, inner } = attributes;
  const x = valuesOf(backend, input!);
  const y = wordsOf(backend, output!);
  const sign = name === 'argMax' ? 1 : -1;
  for (let o = 0; o < outer; o++) {
    for (let j = 0; j < inner; j++) {
      const first = o * extent * inner + j;
      let best = sign * x[first]!;
      let index = 0;
      for (let e = 1; e < extent; e++) {
        const value = sign * x[first + e * inner]!;
        if (value > best || (value !== value && best === best)) {
          best = value;
          index = e;
        }
      }
      y[o * inner + j] = index;
    }
  }
};
