import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { unitFor } from './unit';

export const gather: Kernel<WebGLBackend, 'gather'> = (backend, [x, indices], [y], { extent, inner }) => {
  const unit = unitFor(inner);
  draw(backend, {
    program: 'gather',
    inputs: { x: x!, indices: indices! },
    outputs: [y!],
    form: unit.form,
    ints: { extent, inner: unit.length, count: indices!.storage.size },
    source: () => `
      unit result(int i) {
        int row = over_inner(i), outer = over_count(row);
        int index = indices_at(row - outer * count);
        if (index < 0 || index >= extent) return unit(0);
        return x_unit((outer * extent + index) * inner + i - row * inner);
      }`,
  });
};
