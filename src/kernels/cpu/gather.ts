import type { Kernel } from '../backend';
import { valuesOf, wordsOf, type CpuBackend } from './backend';
import { copyRun } from './copy';

export const gather: Kernel<CpuBackend, 'gather'> = (backend, [input, positions], [output], view) => {
  const { outer, extent, inner, batch = 1 } = view;
  const x = wordsOf(backend, input!);
  const indices = wordsOf(backend, positions!);
  const y = wordsOf(backend, output!);
  const count = indices.length / batch;
  let to = 0;
  for (let o = 0; o < outer; o++) {
    const first = Math.floor((o * batch) / outer) * count;
    for (let i = 0; i < count; i++, to += inner) {
      const index = indices[first + i]!;
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
  const { outer, extent, inner, batch = 1 } = view;
  const x = valuesOf(backend, values!);
  const indices = wordsOf(backend, positions!);
  const y = valuesOf(backend, output!);
  y.fill(0);
  const count = indices.length / batch;
  let from = 0;
  for (let o = 0; o < outer; o++) {
    const first = Math.floor((o * batch) / outer) * count;
    for (let i = 0; i < count; i++, from += inner) {
      const index = indices[first + i]!;
      if (index < 0 || index >= extent) continue;
      const to = (o * extent + index) * inner;
      for (let j = 0; j < inner; j++) y[to + j]! += x[from + j]!;
    }
  }
};
