import { valuesOf, wordsOf, type CpuBackend } from '../../kernels/cpu/backend';
import type { Kernel } from '../../kernels/kernel-table';

export const cpuSegmentExtreme: Kernel<CpuBackend, 'segmentExtreme'> = (
  backend,
  [values, indices, initial],
  [output],
  { name, extent, inner, empty },
) => {
  const x = valuesOf(backend, values!);
  const at = wordsOf(backend, indices!);
  const y = valuesOf(backend, output!);
  // Whether the place has a value.
  const isSeen = new Uint8Array(extent).fill(initial ? 1 : 0);
  if (initial) y.set(valuesOf(backend, initial));
  else y.fill(empty);
  const isMax = name === 'max';
  for (let row = 0, from = 0; row < at.length; row++, from += inner) {
    const index = at[row]!;
    if (index < 0 || index >= extent) continue;
    const to = index * inner;
    if (isSeen[index] === 0) {
      isSeen[index] = 1;
      for (let j = 0; j < inner; j++) y[to + j] = x[from + j]!;
      continue;
    }
    for (let j = 0; j < inner; j++) {
      const [a, b] = [x[from + j]!, y[to + j]!];
      // A NaN is greater and less than all: it stays, since no comparison with it holds.
      if ((isMax ? a > b : a < b) || a !== a) y[to + j] = a;
    }
  }
};
