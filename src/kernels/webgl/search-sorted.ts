import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { LANES } from './texture-layout';
import { unitFor } from './unit';

export const searchSorted: Kernel<WebGLBackend, 'searchSorted'> = (
  backend,
  [sorted, values],
  [y],
  { side },
) => {
  const [rows, length] = sorted!.shape as [number, number];
  const unit = unitFor(values!.size / rows);
  const each = (text: (lane: string) => string): string =>
    unit.size === 1 ? text('') : list(unit.size, (k) => text(`[${k}]`), ' ');
  draw(backend, {
    program: `searchSorted ${side}`,
    inputs: { sorted: sorted!, wanted: values! },
    outputs: [y!],
    form: unit.form,
    rows: { sorted: length / LANES },
    ints: { extent: length, count: unit.length },
    source: () => `
      unit result(int i) {
        sorted_start line = sorted_line(over_count(i) * extent);
        wanted_type wanted = wanted_unit(i), v;
        unit low = unit(0), high = unit(extent);
        bool below;
        for (int left = extent; left > 0; left >>= 1) {
          unit middle = (low + high) >> 1;
          ${each((k) => `v${k} = sorted_element(line, middle${k});`)}
          ${each((k) => `below = middle${k} < high${k} && v${k} ${side === 'left' ? '<' : '<='} wanted${k}; low${k} = below ? middle${k} + 1 : low${k}; high${k} = below ? high${k} : middle${k};`)}
        }
        return low;
      }`,
  });
};
