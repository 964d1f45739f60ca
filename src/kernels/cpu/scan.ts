import type { Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import { valuesOf, type CpuBackend } from './backend';

/** Walks each line of elements along the axis. The partial result is a float64, or an int32 for integers. */
export const scan: Kernel<CpuBackend, 'scan'> = (
  backend,
  [input],
  [output],
  { name, exclusive, reverse, outer, extent, inner },
) => {
  const x = valuesOf(backend, input!);
  const y = valuesOf(backend, output!);
  const row = output!.dtype === 'float32' ? reductions[name] : reductions[name].int;
  const combine = row.js;
  const step = reverse ? -inner : inner;
  const first = reverse ? (extent - 1) * inner : 0;
  for (let line = 0; line < outer * inner; line++) {
    const column = line % inner;
    let at = (line - column) * extent + column + first;
    let partial = row.initial;
    for (let i = 0; i < extent; i++, at += step) {
      const next = combine(partial, x[at]!);
      y[at] = exclusive ? partial : next;
      partial = next;
    }
  }
};
