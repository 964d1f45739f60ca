import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { unitFor } from './unit';

/**
 * A fragment cannot write where it likes, so each looks through all indices for its own. The indices are read four at a time and
 * come from the cache, and no sum depends on the order in which the device works.
 */
export const scatterAdd: Kernel<WebGLBackend, 'scatterAdd'> = (
  backend,
  [values, indices],
  [y],
  { outer, extent, inner, batch = 1 },
) => {
  const unit = unitFor(inner);
  draw(backend, {
    program: `scatterAdd${batch > 1 ? ' batch' : ''}`,
    inputs: { values: values!, indices: indices! },
    outputs: [y!],
    form: unit.form,
    ints: { extent, inner: unit.length, count: indices!.storage.size / batch, part: outer / batch },
    source: () => `
      unit result(int i) {
        int row = over_inner(i), block = over_extent(row);
        int index = row - block * extent;
        int base = block * count * inner + i - row * inner;
        unit sum = unit(0);
        ${
          batch > 1
            ? `int first = over_part(block) * count;
        for (int k = 0; k < count; k++) if (indices_at(first + k) == index) sum += values_unit(base + k * inner);`
            : `for (int k = 0; k < count; k += 4) {
          ivec4 four = indices_texel(k >> 2);
          for (int lane = 0; lane < 4 && k + lane < count; lane++) {
            if (four[lane] == index) sum += values_unit(base + (k + lane) * inner);
          }
        }`
        }
        return sum;
      }`,
  });
};
