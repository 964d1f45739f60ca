import type { Kernel } from '../backend';
import { valuesOf, wordsOf, type CpuBackend } from './backend';
import { copyRun } from './copy';

export const gather: Kernel<CpuBackend, 'gather'> = (backend, [input, positions], [output], view) => {
  const { outer, extent, inner } = view;
  const x = wordsOf(backend, input!);
  const indices = wordsOf(backend, positions!);
  const y = wordsOf(backend, output!);
  let to = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++, to += inner) {
      const index = indices[i]!;
      if (index >= 0 && index < extent) copyRun(x, (o * extent + index) * inner, y, to, inner);
      else y.fill(0, to, to + inner);
    }
  }
};

/** The adjoint of gather. */
export const scatterAdd: Kernel<CpuBackend, 'scatterAdd'> = (
  backend,
  [values, positions],
  [output],
  view,
) => {
  const { outer, extent, inner } = view;
  const x = valuesOf(backend, values!);
  const indices = wordsOf(backend, positions!);
  const y = valuesOf(backend, output!);
  y.fill(0);
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < indices.length; i++, from += inner) {
      const index = indices[i]!;
      if (index < 0 || index >= extent) continue;
      const to = (o * extent + index) * inner;
      for (let j = 0; j < inner; j++) y[to + j]! += x[from + j]!;
    }
  }
};
