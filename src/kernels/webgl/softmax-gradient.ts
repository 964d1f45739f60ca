import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { reduceMapped } from './reduce';
import { withScratch } from './scratch';

/** dx = y·(dy − Σ dy·y). For the logarithm dx = dy − eʸ·Σ dy. The sums run along rows. */
export const softmaxGradient: Kernel<WebGLBackend, 'softmaxGradient'> = (
  backend,
  [y, dy],
  [dx],
  { logarithm, ...view },
) => {
  withScratch(backend, [view.outer], 'float32', (sum) => {
    reduceMapped(
      backend,
      dy!,
      sum,
      'sum',
      view,
      logarithm ? undefined : { name: 'products', inputs: { y: y! }, expression: 'x * y_at(i)' },
    );
    draw(backend, {
      program: `softmaxGradient${logarithm ? ' logarithm' : ''}`,
      inputs: { y: y!, dy: dy!, sum },
      outputs: [dx!],
      form: 'element',
      ints: { extent: view.extent },
      source: () => `
        float result(int i) {
          float sum = sum_at(over_extent(i));
          ${logarithm ? 'float y = y_at(i); // GLSL leaves to the driver what exp makes of NaN.' : ''}
          return ${logarithm ? 'is_nan(y) ? y : dy_at(i) - exp(y) * sum' : 'y_at(i) * (dy_at(i) - sum)'};
        }`,
    });
  });
};
