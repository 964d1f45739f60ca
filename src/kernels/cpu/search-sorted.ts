import type { Kernel } from '../kernel-table';
import { valuesOf, wordsOf, type CpuBackend } from './backend';

export const searchSorted: Kernel<CpuBackend, 'searchSorted'> = (
  backend,
  [sequence, wanted],
  [output],
  { side },
) => {
  const sorted = valuesOf(backend, sequence!);
  const values = valuesOf(backend, wanted!);
  const y = wordsOf(backend, output!);
  const [rows, length] = sequence!.shape as [number, number];
  const count = values.length / rows;
  const isBefore = side === 'left' ? (a: number, b: number) => a < b : (a: number, b: number) => a <= b;
  for (let i = 0; i < values.length; i++) {
    const base = Math.floor(i / count) * length;
    let low = 0;
    let high = length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(sorted[base + middle]!, values[i]!)) low = middle + 1;
      else high = middle;
    }
    y[i] = low;
  }
};
