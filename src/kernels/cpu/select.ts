import type { Kernel } from '../kernel-table';
import { broadcastStrides, mergeAxes } from '../strides';
import { wordsOf, type CpuBackend } from './backend';
import { walkOuterAxes } from './walk';

/** Copies 32-bit words, whatever the dtype. */
export const select: Kernel<CpuBackend, 'select'> = (backend, [condition, left, right], [output]) => {
  const chosen = wordsOf(backend, condition!);
  const a = wordsOf(backend, left!);
  const b = wordsOf(backend, right!);
  const y = wordsOf(backend, output!);
  if (y.length === 0) return;
  const { shape } = output!;
  const nest = mergeAxes(
    shape,
    [condition!, left!, right!].map((operand) => broadcastStrides(operand.shape, shape)),
  );
  const last = nest.shape.length - 1;
  const length = nest.shape[last]!;
  const [dc, da, db] = nest.strides.map((strides) => strides[last]!) as [number, number, number];
  walkOuterAxes(nest, 1, [0, 0, 0], (offsets, run) => {
    let c = offsets[0]!;
    let i = offsets[1]!;
    let j = offsets[2]!;
    const end = (run + 1) * length;
    for (let k = run * length; k < end; k++, c += dc, i += da, j += db) y[k] = chosen[c]! ? a[i]! : b[j]!;
  });
};
