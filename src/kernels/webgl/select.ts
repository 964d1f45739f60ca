import type { Kernel } from '../kernel-table';
import { broadcastStrides } from '../strides';
import type { WebGLBackend } from './backend';
import { pointwise } from './pointwise';

export const select: Kernel<WebGLBackend, 'select'> = (backend, [condition, a, b], [y]) => {
  pointwise(backend, {
    program: 'select',
    inputs: {
      condition: { tensor: condition!, strides: broadcastStrides(condition!.shape, y!.shape) },
      a: { tensor: a!, strides: broadcastStrides(a!.shape, y!.shape) },
      b: { tensor: b!, strides: broadcastStrides(b!.shape, y!.shape) },
    },
    output: y!,
    expression: 'condition != 0 ? a : b',
  });
};
