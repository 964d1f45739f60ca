import { reshaped } from '../backend';
import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { copyStrided } from './strided';

/** Splits every output axis in two: the repeats, with stride 0 in the input, and the input's axis. */
export const tile: Kernel<WebGLBackend, 'tile'> = (backend, [x], [y]) => {
  const strides = stridesOf(x!.shape);
  const shape = x!.shape.flatMap((extent, axis) => [extent === 0 ? 0 : y!.shape[axis]! / extent, extent]);
  const output = reshaped(y!, shape);
  copyStrided(backend, { tensor: x!, strides: strides.flatMap((stride) => [0, stride]) }, output);
};
