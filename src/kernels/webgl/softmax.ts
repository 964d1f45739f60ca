import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { reduceMapped, type Mapping } from './reduce';
import { withScratch } from './scratch';

/**
 * In rows up to this length (class scores) every element computes its row's maximum and sum anew: the reads come from the
 * cache, and two draws and their textures are saved. Longer rows (vocabularies) are reduced first.
 */
const LONGEST_SHORT_ROW = 32;

/** Subtracts the row's greatest element, so that exp cannot overflow. The row is NaN where that is ±∞ or NaN. */
export const softmax: Kernel<WebGLBackend, 'softmax'> = (backend, [x], [y], { logarithm, ...view }) => {
  const result = logarithm ? 'x_at(i) - largest - log(sum)' : 'exp(x_at(i) - largest) / sum';
  const program = `softmax${logarithm ? ' logarithm' : ''}`;
  const { outer, extent } = view;
  if (extent <= LONGEST_SHORT_ROW) {
    draw(backend, {
      program,
      inputs: { x: x! },
      outputs: [y!],
      form: 'element',
      ints: { extent },
      source: () => `
        float result(int i) {
          int first = over_extent(i) * extent;
          float largest = -INFINITY, sum = 0.0;
          for (int k = 0; k < extent; k++) {
            float x = x_at(first + k);
            if (is_nan(x)) return x;
            largest = max(largest, x);
          }
          if (is_inf(largest)) return NAN;
          for (int k = 0; k < extent; k++) sum += exp(x_at(first + k) - largest);
          return ${result};
        }`,
    });
    return;
  }
  withScratch(backend, [outer], 'float32', (largest) => {
    reduceMapped(backend, x!, largest, 'max', view);
    const exponentials: Mapping = {
      name: 'exponentials',
      inputs: { largest },
      expression: 'exp(x - largest_at(row))',
    };
    withScratch(backend, [outer], 'float32', (sum) => {
      reduceMapped(backend, x!, sum, 'sum', view, exponentials);
      draw(backend, {
        program: `${program} of long rows`,
        inputs: { x: x!, largest, sum },
        outputs: [y!],
        form: 'element',
        ints: { extent },
        source: () => `
          float result(int i) {
            int row = over_extent(i);
            float largest = largest_at(row), sum = sum_at(row);
            return is_nan(largest) || is_inf(largest) ? NAN : ${result};
          }`,
      });
    });
  });
};
