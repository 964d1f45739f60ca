import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { broadcastView, pointwise } from './pointwise';

export const select: Kernel<WebGLBackend, 'select'> = (backend, [condition, a, b], [y]) => {
  pointwise(backend, {
    program: 'select',
    inputs: {
      condition: broadcastView(condition!, y!),
      a: broadcastView(a!, y!),
      b: broadcastView(b!, y!),
    },
    output: y!,
    expression: 'condition != 0 ? a : b',
  });
};
