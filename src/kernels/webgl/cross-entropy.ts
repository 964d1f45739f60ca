import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { reduceMapped } from './reduce';
import { rowwise } from './rowwise';
import { withScratch } from './scratch';
import { withRowSums } from './softmax';

/** GLSL of a term. With a label of 0 it is 0, even for a probability of 0. GLSL leaves exp and log of NaN to the driver. */
export const TERM =
  'labels == 0.0 ? 0.0 : is_nan(largest) || is_inf(largest) ? NAN : labels * (largest - x + log(sum))';
/** GLSL of an element of dx. */
export const SLOPE =
  'is_nan(largest) || is_inf(largest) ? NAN : dy * (exp(x - largest) / sum * weight - labels)';

export const crossEntropy: Kernel<WebGLBackend, 'crossEntropy'> = (backend, [labels, x], [y], view) => {
  withRowSums(backend, x!, view, (ofRow) => {
    reduceMapped(backend, x!, y!, 'sum', view, {
      name: 'cross-entropies',
      beside: { labels: labels! },
      ofRow,
      expression: TERM,
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
  withRowSums(backend, x!, view, (ofRow) => {
    withScratch(backend, [view.outer], 'float32', (weight) => {
      reduceMapped(backend, labels!, weight, 'sum', view);
      rowwise(backend, {
        program: 'crossEntropyGradient',
        inputs: { labels: labels!, x: x! },
        ofRow: { ...ofRow, dy: dy!, weight },
        output: dx!,
        extent: view.extent,
        expression: SLOPE,
      });
    });
  });
};
