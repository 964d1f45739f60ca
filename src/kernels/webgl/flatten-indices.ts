import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';

export const flattenIndices: Kernel<WebGLBackend, 'flattenIndices'> = (
  backend,
  [indices],
  [y],
  { extents },
) => {
  const depth = extents.length;
  draw(backend, {
    program: `flattenIndices ${depth}`,
    inputs: { x: indices! },
    outputs: [y!],
    form: 'element',
    ints: { extent: extents },
    source: () => `
      unit result(int i) {
        int flat_index = 0, index;
        bool inside = true;
        ${list(
          depth,
          (k) => `index = x_at(i * ${depth} + ${k});
        inside = inside && index >= 0 && index < extent${k};
        flat_index = flat_index * extent${k} + index;`,
        )}
        return inside ? flat_index : -1;
      }`,
  });
};

/** Each position searches all indices for its own, from the end, so that it finds the last one first. */
export const lastPlaces: Kernel<WebGLBackend, 'lastPlaces'> = (backend, [indices], [y]) => {
  draw(backend, {
    program: 'lastPlaces',
    inputs: { indices: indices! },
    outputs: [y!],
    form: 'element',
    ints: { count: indices!.size },
    source: () => `
      unit result(int i) {
        for (int k = count - 1; k >= 0; k--) if (indices_at(k) == i) return k;
        return -1;
      }`,
  });
};
