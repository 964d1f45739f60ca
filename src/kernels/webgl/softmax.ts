import type { TensorInfo } from '../backend';
import type { AxisView, Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import type { WebGLBackend } from './backend';
import { lanes } from './glsl';
import { reduceMapped } from './reduce';
import { rowwise } from './rowwise';
import { withScratch } from './scratch';

/**
 * In rows up to this length (class scores) every fragment computes its rows' maxima and sums anew: the reads come from the
 * cache, and two draws and their textures are saved. Longer rows (vocabularies) are reduced first.
 */
export const LONGEST_SHORT_ROW = 32;

/** GLSL that finds the greatest element of the row of x from `first` on, and Σ exp(x − greatest). */
export const SHORT_ROW = {
  ofRow: { largest: null, sum: null },
  functions: `
    float greatest(float a, float b) { return ${reductions.max.glsl}; }
    vec4 greatest(vec4 a, vec4 b) { return ${lanes('vec4', (c) => `greatest(a.${c}, b.${c})`)}; }
    float greatest(float v) { return v; }
    float greatest(vec4 v) { return greatest(greatest(v.x, v.y), greatest(v.z, v.w)); }
    float total(float v) { return v; }
    float total(vec4 v) { return (v.x + v.y) + (v.z + v.w); }`,
  compute: `
    unit most = unit(-INFINITY), sums = unit(0.0);
    for (int k = 0; k < extent; k++) most = greatest(most, x_unit(first + k));
    largest = greatest(most);
    for (int k = 0; k < extent; k++) sums += exp(x_unit(first + k) - largest);
    sum = total(sums);`,
};

/** Computes for each row of x the greatest element and Σ exp(x − greatest), and lends both to `use`. */
export function withRowSums(
  backend: WebGLBackend,
  x: TensorInfo,
  view: AxisView,
  use: (ofRow: { readonly largest: TensorInfo; readonly sum: TensorInfo }) => void,
): void {
  withScratch(backend, [view.outer], 'float32', (largest) => {
    reduceMapped(backend, x, largest, 'max', view);
    withScratch(backend, [view.outer], 'float32', (sum) => {
      reduceMapped(backend, x, sum, 'sum', view, {
        name: 'exponentials',
        ofRow: { largest },
        expression: 'exp(x - largest)',
      });
      use({ largest, sum });
    });
  });
}

/** Subtracts the row's greatest element, so that exp cannot overflow. The row is NaN where that is ±∞ or NaN. */
export const softmax: Kernel<WebGLBackend, 'softmax'> = (backend, [x], [y], { logarithm, ...view }) => {
  const { extent } = view;
  const call = {
    program: `softmax${logarithm ? ' logarithm' : ''}`,
    inputs: { x: x! },
    output: y!,
    extent,
    expression: `is_nan(largest) || is_inf(largest) ? NAN : ${logarithm ? 'x - largest - log(sum)' : 'exp(x - largest) / sum'}`,
  };
  if (extent > LONGEST_SHORT_ROW) {
    withRowSums(backend, x!, view, (ofRow) => rowwise(backend, { ...call, ofRow }));
    return;
  }
  rowwise(backend, { ...call, ...SHORT_ROW, program: `${call.program} short` });
};
