import type { Kernel } from '../kernel-table';
import { valuesOf, type CpuBackend } from './backend';

/** Walks each line of elements along the axis, with s in float64. */
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
      // The first element has no sum before it; 0·a would be NaN for an infinite factor.
      sum = i === 0 ? b[at]! : b[at]! + a[at - behind]! * sum;
      y[at] = sum;
    }
  }
};
