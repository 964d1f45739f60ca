import type { Kernel, KernelAttributes } from '../kernel-table';
import { floatsOf, valuesOf, wordsOf, type CpuBackend } from './backend';
import { copyRun } from './copy';
import { withScatteredSums } from './scattered-sums';

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

/** Adds each run of `inner` elements of x to the run of y at its index. Indices outside [0, extent) are skipped. */
function addByIndex(
  x: Float32Array | Int32Array,
  indices: Int32Array,
  y: Float64Array | Int32Array,
  { outer, extent, inner, batch = 1 }: KernelAttributes['scatterAdd'],
): void {
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
}

/** The adjoint of gather. int32 sums wrap around. */
export const scatterAdd: Kernel<CpuBackend, 'scatterAdd'> = (
  backend,
  [values, positions],
  [output],
  view,
) => {
  if (output!.dtype === 'float32') {
    withScatteredSums(backend, output!, (sums) => {
      addByIndex(floatsOf(backend, values!), wordsOf(backend, positions!), sums, view);
    });
  } else {
    const indices = wordsOf(backend, positions!);
    addByIndex(valuesOf(backend, values!), indices, wordsOf(backend, output!).fill(0), view);
  }
};
