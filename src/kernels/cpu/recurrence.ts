import type { Kernel } from '../kernel-table';
import { valuesOf, type CpuBackend } from './backend';

/** Runs along the axis once for each line of elements; what is carried on is a float64. */
export const recurrence: Kernel<CpuBackend, 'recurrence'> = (
  backend,
  [terms, factors],
  [output],
  { factor, reverse, outer, extent, inner },
) => {
  const b = valuesOf(backend, terms!);
  const a = valuesOf(backend, factors!);
  const y = valuesOf(backend, output!);
  const step = reverse ? -inner : inner;
  const first = reverse ? (extent - 1) * inner : 0;
  const behind = factor === 'previous' ? step : 0;
  for (let line = 0; line < outer * inner; line++) {
    const column = line % inner;
    let at = (line - column) * extent + column + first;
    let sum = 0;
    for (let i = 0; i < extent; i++, at += step) {
      // The first of a line has none before it, however large its factor is.
      sum = i === 0 ? b[at]! : b[at]! + a[at - behind]! * sum;
      y[at] = sum;
    }
  }
};
