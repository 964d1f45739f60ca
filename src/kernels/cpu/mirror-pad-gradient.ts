import type { Kernel } from '../kernel-table';
import { floatsOf, type CpuBackend } from './backend';

/** Adds each element of dy to the element of dx that padding copied to its place. */
export const mirrorPadGradient: Kernel<CpuBackend, 'mirrorPadGradient'> = (
  backend,
  [gradient],
  [output],
  { outer, extent, inner, before, mode },
) => {
  const dy = floatsOf(backend, gradient!);
  const dx = floatsOf(backend, output!);
  if (dx.length === 0) return;
  dx.fill(0);
  const total = dy.length / (outer * inner);
  const repeated = mode === 'symmetric' ? 1 : 0;
  let from = 0;
  for (let o = 0; o < outer; o++) {
    for (let place = 0; place < total; place++) {
      const at = place - before;
      const shown = at < 0 ? -at - repeated : at >= extent ? 2 * (extent - 1) + repeated - at : at;
      const to = (o * extent + shown) * inner;
      for (let j = 0; j < inner; j++) dx[to + j]! += dy[from++]!;
    }
  }
};
