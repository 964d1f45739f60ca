import type { TensorInfo } from '../backend';
import type { AxisView, Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import type { WebGPUBackend } from './backend';
import { fold, SUM } from './fold';
import { pointwise, type View } from './pointwise';
import { combineOf } from './reduce';
import { withScratch } from './scratch';

/** A number for each row, seen in all elements of the row. */
const ofRow = (tensor: TensorInfo): View => ({ tensor, strides: [1, 0] });

/** Computes for each row of x the greatest element and Σ exp(x − greatest), and lends both to `use`. */
function withRowSums(
  backend: WebGPUBackend,
  x: TensorInfo,
  view: AxisView,
  use: (largest: TensorInfo, sum: TensorInfo) => void,
): void {
  withScratch(backend, [view.outer], 'float32', (largest) => {
    fold(backend, {
      program: 'row maximum',
      inputs: { x },
      output: largest,
      view,
      type: 'f32',
      initial: '-infinity()',
      combine: combineOf(reductions.max),
      term: 'return x[at];',
    });
    withScratch(backend, [view.outer], 'float32', (sum) => {
      fold(backend, {
        ...SUM,
        program: 'row exponentials',
        inputs: { x, largest },
        output: sum,
        view,
        term: 'return exp(x[at] - largest[o]);',
      });
      use(largest, sum);
    });
  });
}

/** Subtracts the row's greatest element, so that exp cannot overflow. The row is NaN where that is ±∞ or NaN. */
export const softmax: Kernel<WebGPUBackend, 'softmax'> = (backend, [x], [y], { logarithm, ...view }) => {
  withRowSums(backend, x!, view, (largest, sum) => {
    pointwise(backend, {
      program: `softmax ${logarithm}`,
      inputs: { x: { tensor: x! }, largest: ofRow(largest), sum: ofRow(sum) },
      output: y!,
      shape: [view.outer, view.extent],
      expression: `select(${logarithm ? 'x - largest - log(sum)' : 'exp(x - largest) / sum'}, not_a_number(), is_nan(largest) || is_inf(largest))`,
    });
  });
};

/** dx = y·(dy − Σ dy·y). For the logarithm dx = dy − eʸ·Σ dy. The sums run along rows. */
export const softmaxGradient: Kernel<WebGPUBackend, 'softmaxGradient'> = (
  backend,
  [y, dy],
  [dx],
  { logarithm, ...view },
) => {
  withScratch(backend, [view.outer], 'float32', (sum) => {
    fold(backend, {
      ...SUM,
      program: `softmaxGradient ${logarithm}`,
      inputs: logarithm ? { dy: dy! } : { dy: dy!, y: y! },
      output: sum,
      view,
      term: logarithm ? 'return dy[at];' : 'return dy[at] * y[at];',
    });
    pointwise(backend, {
      program: `softmaxGradient ${logarithm}`,
      inputs: { y: { tensor: y! }, dy: { tensor: dy! }, sum: ofRow(sum) },
      output: dx!,
      shape: [view.outer, view.extent],
      // WGSL leaves to the driver what exp makes of NaN.
      expression: logarithm ? 'select(dy - exp(y) * sum, y, is_nan(y))' : 'y * (dy - sum)',
    });
  });
};

export const crossEntropy: Kernel<WebGPUBackend, 'crossEntropy'> = (backend, [labels, x], [y], view) => {
  withRowSums(backend, x!, view, (largest, sum) => {
    fold(backend, {
      ...SUM,
      program: 'crossEntropy',
      inputs: { labels: labels!, x: x!, largest, sum },
      output: y!,
      view,
      // With a label of 0 the term is 0, even for a probability of 0.
      term: `
        let label = labels[at];
        let most = largest[o];
        if (label == 0.0) { return 0.0; }
        if (is_nan(most) || is_inf(most)) { return not_a_number(); }
        return label * (most - x[at] + log(sum[o]));`,
    });
  });
};

/** dx = dy · (softmax · Σ labels − labels). */
export const crossEntropyGradient: Kernel<WebGPUBackend, 'crossEntropyGradient'> = (
  backend,
  [labels, x, dy],
  [dx],
  view,
) => {
  withRowSums(backend, x!, view, (largest, sum) => {
    withScratch(backend, [view.outer], 'float32', (weight) => {
      fold(backend, {
        ...SUM,
        program: 'sum of labels',
        inputs: { labels: labels! },
        output: weight,
        view,
        term: 'return labels[at];',
      });
      pointwise(backend, {
        program: 'crossEntropyGradient',
        inputs: {
          labels: { tensor: labels! },
          x: { tensor: x! },
          dy: ofRow(dy!),
          largest: ofRow(largest),
          sum: ofRow(sum),
          weight: ofRow(weight),
        },
        output: dx!,
        shape: [view.outer, view.extent],
        expression:
          'select(dy * (exp(x - largest) / sum * weight - labels), not_a_number(), is_nan(largest) || is_inf(largest))',
      });
    });
  });
};
