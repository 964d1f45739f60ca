import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { lanes } from './glsl';
import { LANES } from './texture-layout';
import { unitFor } from './unit';

export const gather: Kernel<WebGLBackend, 'gather'> = (
  backend,
  [x, indices],
  [y],
  { outer, extent, inner, batch = 1 },
) => {
  const count = indices!.size / batch;
  const ofBatch = (block: string): string => (batch > 1 ? ` + over_part(${block}) * count` : '');
  const part = outer / batch;
  if (inner === 1 && count % LANES === 0) {
    // Four indices are read at once, and the place of x's row is computed once for them.
    draw(backend, {
      program: `gather columns${batch > 1 ? ' batch' : ''}`,
      inputs: { x: x!, indices: indices! },
      outputs: [y!],
      form: 'texel',
      rows: { x: extent / LANES },
      ints: { extent, count: count / LANES, part },
      source: () => `
      scalar column(x_start line, int k) {
        scalar v = x_element(line, clamp(k, 0, extent - 1));
        return k < 0 || k >= extent ? scalar(0) : v;
      }
      vector result(int t) {
        int block = over_count(t);
        ivec4 k = indices_texel(t - block * count${ofBatch('block')});
        x_start line = x_line(block * extent);
        return ${lanes('vector', (c) => `column(line, k.${c})`)};
      }`,
    });
    return;
  }
  const unit = unitFor(inner);
  draw(backend, {
    program: `gather${batch > 1 ? ' batch' : ''}`,
    inputs: { x: x!, indices: indices! },
    outputs: [y!],
    form: unit.form,
    ints: { extent, inner: unit.length, count, part },
    source: () => `
      unit result(int i) {
        int row = over_inner(i), block = over_count(row);
        int index = indices_at(row - block * count${ofBatch('block')});
        if (index < 0 || index >= extent) return unit(0);
        return x_unit((block * extent + index) * inner + i - row * inner);
      }`,
  });
};
