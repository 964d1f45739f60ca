import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';

export const searchSorted: Kernel<WebGLBackend, 'searchSorted'> = (
  backend,
  [sorted, values],
  [y],
  { side },
) => {
  const [rows, length] = sorted!.shape as [number, number];
  draw(backend, {
    program: `searchSorted ${side}`,
    inputs: { sorted: sorted!, wanted: values! },
    outputs: [y!],
    form: 'element',
    ints: { extent: length, count: values!.size / rows },
    source: () => `
      unit result(int i) {
        int base = over_count(i) * extent, low = 0, high = extent;
        while (low < high) {
          int middle = (low + high) >> 1;
          if (sorted_at(base + middle) ${side === 'left' ? '<' : '<='} wanted_at(i)) low = middle + 1;
          else high = middle;
        }
        return low;
      }`,
  });
};
