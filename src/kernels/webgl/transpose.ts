import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { copyStrided } from './strided';

export const transpose: Kernel<WebGLBackend, 'transpose'> = (backend, [x], [y], { permutation }) => {
  const strides = stridesOf(x!.shape);
  copyStrided(backend, { tensor: x!, strides: permutation.map((axis) => strides[axis]!) }, y!);
};
