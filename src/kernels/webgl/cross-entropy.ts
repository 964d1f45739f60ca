import type { TensorInfo } from '../backend';
import type { AxisView, Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { reduceMapped } from './reduce';
import { rowwise } from './rowwise';
import { withScratch } from './scratch';
import { LONGEST_SHORT_ROW, SHORT_ROW, withRowSums } from './softmax';

/** With a label of 0 the term is 0, even for a probability of 0. GLSL leaves exp and log of NaN to the driver. */
const TERM =
  'labels == 0.0 ? 0.0 : is_nan(largest) || is_inf(largest) ? NAN : labels * (largest - x + log(sum))';

const SLOPE = 'is_nan(largest) || is_inf(largest) ? NAN : dy * (exp(x - largest) / sum * weight - labels)';

export const crossEntropy: Kernel<WebGLBackend, 'crossEntropy'> = (backend, [labels, x], [y], view) => {
  if (view.extent <= LONGEST_SHORT_ROW) {
    ofShortRows(backend, labels!, x!, y!, view);
    return;
  }
  withRowSums(backend, x!, view, (ofRow) => {
    reduceMapped(backend, x!, y!, 'sum', view, {
      name: 'cross-entropies',
      beside: { labels: labels! },
      ofRow,
      expression: TERM,
    });
  });
};

/** Each fragment goes through its rows three times: the reads come from the cache, and two draws are saved. */
function ofShortRows(
  backend: WebGLBackend,
  labels: TensorInfo,
  x: TensorInfo,
  y: TensorInfo,
  { extent }: AxisView,
): void {
  draw(backend, {
    program: 'crossEntropy short',
    inputs: { labels, x },
    outputs: [y],
    form: 'element',
    ints: { extent },
    source: () => `
      ${SHORT_ROW.functions}
      float largest, sum;
      float term(float labels, float x) { return ${TERM}; }
      unit result(int row) {
        int first = row * extent;
        ${SHORT_ROW.compute}
        float entropy = 0.0;
        for (int k = first; k < first + extent; k++) entropy += term(labels_at(k), x_at(k));
        return entropy;
      }`,
  });
}

/** dx = dy · (softmax · Σ labels − labels). */
export const crossEntropyGradient: Kernel<WebGLBackend, 'crossEntropyGradient'> = (
  backend,
  [labels, x, dy],
  [dx],
  view,
) => {
  const { extent } = view;
  const call = { inputs: { labels: labels!, x: x! }, output: dx!, extent, expression: SLOPE };
  if (extent <= LONGEST_SHORT_ROW) {
    rowwise(backend, {
      ...call,
      program: 'crossEntropyGradient short',
      ofRow: { ...SHORT_ROW.ofRow, dy: dy!, weight: null },
      functions: SHORT_ROW.functions,
      compute: `${SHORT_ROW.compute}
        unit weights = unit(0.0);
        for (int k = 0; k < extent; k++) weights += labels_unit(first + k);
        weight = total(weights);`,
    });
    return;
  }
  withRowSums(backend, x!, view, (ofRow) => {
    withScratch(backend, [view.outer], 'float32', (weight) => {
      reduceMapped(backend, labels!, weight, 'sum', view);
      rowwise(backend, { ...call, program: 'crossEntropyGradient', ofRow: { ...ofRow, dy: dy!, weight } });
    });
  });
};
