import type { TensorInfo } from '../../backend';
import type { AxisView } from '../../kernel-table';
import type { WebGLBackend } from '../../webgl/backend';
import { SLOPE, TERM } from '../../webgl/cross-entropy';
import { draw } from '../../webgl/draw';
import { lanes } from '../../webgl/glsl';
import { rowwise } from '../../webgl/rowwise';
import { LONGEST_SHORT_ROW, SHORT_ROW } from '../../webgl/softmax';
import type { Step } from '../program';
import type { Task } from '../schedule';

type Draw = (backend: WebGLBackend, inputs: readonly TensorInfo[], outputs: readonly TensorInfo[]) => void;

/** A cross-entropy of short rows, or its gradient, in one draw where the kernel takes three or four; null for another task. */
export function shortCrossEntropyOf(task: Task): Draw | null {
  if (task.kernel !== 'crossEntropy' && task.kernel !== 'crossEntropyGradient') return null;
  const { kernel, attributes, varying } = task as Step<'crossEntropy' | 'crossEntropyGradient'>;
  if (varying !== undefined || attributes.extent > LONGEST_SHORT_ROW) return null;
  const ofRows = kernel === 'crossEntropy' ? crossEntropy : gradient;
  return (backend, inputs, outputs) => backend.runOwn(kernel, ofRows, undefined, inputs, outputs, attributes);
}

/** `spread` puts a value in the lane of its texel: sums add up each lane first, as those of a reduction do. */
const FUNCTIONS = `${SHORT_ROW.functions}
  vec4 spread(float v, int i) {
    return ${lanes('vec4', (c) => `(i & 3) == ${'xyzw'.indexOf(c)} ? v : 0.0`)};
  }
  vec4 spread(vec4 v, int i) { return v; }`;

/** GLSL that finds the greatest logit of the row from `first` on, and Σ exp(x − greatest). */
const COMPUTE = `
  unit most = unit(-INFINITY);
  vec4 sums = vec4(0.0);
  for (int k = 0; k < extent; k++) most = greatest(most, x_unit(first + k));
  largest = greatest(most);
  for (int k = 0; k < extent; k++) sums += spread(exp(x_unit(first + k) - largest), first + k);
  sum = total(sums);`;

function crossEntropy(
  backend: WebGLBackend,
  [labels, x]: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  { extent }: AxisView,
): void {
  draw(backend, {
    program: 'crossEntropy short',
    inputs: { labels: labels!, x: x! },
    outputs,
    form: 'element',
    ints: { extent },
    source: () => `
      ${FUNCTIONS}
      float largest, sum;
      float term(float labels, float x) { return ${TERM}; }
      unit result(int row) {
        int first = row * extent;
        ${COMPUTE}
        vec4 terms = vec4(0.0);
        for (int k = first; k < first + extent; k++) terms += spread(term(labels_at(k), x_at(k)), k);
        return total(terms);
      }`,
  });
}

/** dx = dy · (softmax · Σ labels − labels). */
function gradient(
  backend: WebGLBackend,
  [labels, x, dy]: readonly TensorInfo[],
  [dx]: readonly TensorInfo[],
  { extent }: AxisView,
): void {
  rowwise(backend, {
    program: 'crossEntropyGradient short',
    inputs: { labels: labels!, x: x! },
    ofRow: { ...SHORT_ROW.ofRow, dy: dy!, weight: null },
    output: dx!,
    extent,
    expression: SLOPE,
    functions: FUNCTIONS,
    compute: `${COMPUTE}
      vec4 weights = vec4(0.0);
      for (int k = 0; k < extent; k++) weights += spread(labels_unit(first + k), first + k);
      weight = total(weights);`,
  });
}
