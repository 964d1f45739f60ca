import type { Kernel } from '../kernel-table';
import { stridesOf } from '../strides';
import type { WebGLBackend } from './backend';
import { copyStrided } from './strided';

export const slice: Kernel<WebGLBackend, 'slice'> = (backend, [x], [y], { begin, strides: steps }) => {
  const strides = stridesOf(x!.shape);
  let offset = 0;
  begin.forEach((index, axis) => (offset += index * strides[axis]!));
  copyStrided(
    backend,
    { tensor: x!, strides: strides.map((stride, axis) => stride * steps[axis]!), offset },
    y!,
  );
};
