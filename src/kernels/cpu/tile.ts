import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import { wordsOf, type CpuBackend } from './backend';
import { copyStrided } from './copy';

/** Splits every output axis in two: the repeats, with stride 0 in the input, and the input's axis. */
export const tile: Kernel<CpuBackend, 'tile'> = (backend, [input], [output]) => {
  const y = wordsOf(backend, output!);
  if (y.length === 0) return;
  // The gradient of a mean is one number, many times.
  if (input!.size === 1) {
    y.fill(wordsOf(backend, input!)[0]!);
    return;
  }
  const { shape } = input!;
  const strides = stridesOf(shape);
  const split = shape.flatMap((extent, axis) => [output!.shape[axis]! / extent, extent]);
  const steps = strides.flatMap((stride) => [0, stride]);
  copyStrided(wordsOf(backend, input!), 0, steps, y, split);
};
