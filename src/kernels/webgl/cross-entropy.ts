import type { TensorInfo } from '../backend';
import type { AxisView, Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { reduceMapped, type Mapping } from './reduce';
import { withScratch } from './scratch';

/** Computes for each row of x the greatest logit and Σ exp(x − greatest), and lends both to `use`. */
function withRowSums(
  backend: WebGLBackend,
  x: TensorInfo,
  view: AxisView,
  use: (largest: TensorInfo, sum: TensorInfo) => void,
): void {
  withScratch(backend, [view.outer], 'float32', (largest) => {
    reduceMapped(backend, x, largest, 'max', view);
    const exponentials: Mapping = {
      name: 'exponentials',
      inputs: { largest },
      expression: 'exp(x - largest_at(row))',
    };
    withScratch(backend, [view.outer], 'float32', (sum) => {
      reduceMapped(backend, x, sum, 'sum', view, exponentials);
      use(largest, sum);
    });
  });
}

export const crossEntropy: Kernel<WebGLBackend, 'crossEntropy'> = (backend, [labels, x], [y], view) => {
  withRowSums(backend, x!, view, (largest, sum) => {
    reduceMapped(backend, x!, y!, 'sum', view, {
      name: 'cross-entropies',
      inputs: { labels: labels!, largest, sum },
      // With a label of 0 the term is 0, even for a probability of 0. GLSL leaves exp and log of NaN to the driver.
      expression:
        'labels_at(i) == 0.0 ? 0.0 : is_nan(largest_at(row)) || is_inf(largest_at(row)) ? NAN : ' +
        'labels_at(i) * (largest_at(row) - x + log(sum_at(row)))',
    });
  });
};

/** dx = dy · (softmax · Σ labels − labels). */
export const crossEntropyGradient: Kernel<WebGLBackend, 'crossEntropyGradient'> = (
  backend,
  [labels, x, dy],
  [dx],
  view,
) => {
  withRowSums(backend, x!, view, (largest, sum) => {
    withScratch(backend, [view.outer], 'float32', (weight) => {
      reduceMapped(backend, labels!, weight, 'sum', view);
      draw(backend, {
        program: 'crossEntropyGradient',
        inputs: { labels: labels!, x: x!, dy: dy!, largest, sum, weight },
        outputs: [dx!],
        form: 'element',
        ints: { extent: view.extent },
        source: () => `
          float result(int i) {
            int row = over_extent(i);
            float largest = largest_at(row);
            if (is_nan(largest) || is_inf(largest)) return NAN;
            return dy_at(row) * (exp(x_at(i) - largest) / sum_at(row) * weight_at(row) - labels_at(i));
          }`,
      });
    });
  });
};
