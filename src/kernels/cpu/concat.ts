import type { Kernel } from '../kernel-table';
import { sizeOf } from '../strides';
import { wordsOf, type CpuBackend } from './backend';
import { copyRun } from './copy';

export const concat: Kernel<CpuBackend, 'concat'> = (backend, inputs, [output], { axis }) => {
  const y = wordsOf(backend, output!);
  const outer = sizeOf(output!.shape.slice(0, axis));
  const outputRun = sizeOf(output!.shape.slice(axis));
  let start = 0;
  for (const input of inputs) {
    const x = wordsOf(backend, input);
    const run = sizeOf(input.shape.slice(axis));
    for (let o = 0; o < outer; o++) copyRun(x, o * run, y, start + o * outputRun, run);
    start += run;
  }
};
