import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { reduceMapped } from './reduce';
import { rowwise } from './rowwise';
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
      logarithm ? undefined : { name: 'products', beside: { y: y! }, expression: 'x * y' },
    );
    rowwise(backend, {
      program: `softmaxGradient${logarithm ? ' logarithm' : ''}`,
      inputs: { y: y!, dy: dy! },
      ofRow: { sum },
      output: dx!,
      extent: view.extent,
      // GLSL leaves to the driver what exp makes of NaN.
      expression: logarithm ? 'is_nan(y) ? y : dy - exp(y) * sum' : 'y * (dy - sum)',
    });
  });
};
