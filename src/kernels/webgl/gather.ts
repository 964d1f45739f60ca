import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { unitFor } from './unit';

export const gather: Kernel<WebGLBackend, 'gather'> = (
  backend,
  [x, indices],
  [y],
  { outer, extent, inner, batch = 1 },
) => {
  const unit = unitFor(inner);
  draw(backend, {
    program: `gather${batch > 1 ? ' batch' : ''}`,
    inputs: { x: x!, indices: indices! },
    outputs: [y!],
    form: unit.form,
    ints: { extent, inner: unit.length, count: indices!.size / batch, part: outer / batch },
    source: () => `
      unit result(int i) {
        int row = over_inner(i), block = over_count(row);
        int index = indices_at(row - block * count${batch > 1 ? ' + over_part(block) * count' : ''});
        if (index < 0 || index >= extent) return unit(0);
        return x_unit((block * extent + index) * inner + i - row * inner);
      }`,
  });
};
