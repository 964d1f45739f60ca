import type { Kernel } from '../kernel-table';
import { valuesOf, wordsOf, type CpuBackend } from './backend';

/**
 * Uses loops, since `TypedArray.set` between two array types over one buffer copies the source first. A store to an
 * Int32Array truncates towards zero and turns NaN into 0.
 */
export const cast: Kernel<CpuBackend, 'cast'> = (backend, [input], [output]) => {
  const from = input!.dtype;
  const to = output!.dtype;
  if (from === to || (from === 'bool' && to === 'int32')) {
    wordsOf(backend, output!).set(wordsOf(backend, input!));
    return;
  }
  const x = valuesOf(backend, input!);
  const y = valuesOf(backend, output!);
  if (to === 'bool') {
    for (let i = 0; i < y.length; i++) y[i] = x[i] !== 0 ? 1 : 0;
  } else {
    for (let i = 0; i < y.length; i++) y[i] = x[i]!;
  }
};
