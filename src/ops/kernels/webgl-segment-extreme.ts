import { reshaped, type TensorInfo } from '../../kernels/backend';
import type { Kernel } from '../../kernels/kernel-table';
import { reductions } from '../../kernels/reductions';
import type { WebGLBackend } from '../../kernels/webgl/backend';
import { draw } from '../../kernels/webgl/draw';
import { lanes, literal } from '../../kernels/webgl/glsl';
import { withScratch } from '../../kernels/webgl/scratch';
import { laneTypeOf } from '../../kernels/webgl/textures';
import { unitFor } from '../../kernels/webgl/unit';

/** Up to so many looks at an index, every place looks at all indices; beyond it they are sorted first, which takes some hundred draws. */
const MOST_LOOKS = 2 ** 24;

/**
 * Each place looks for the rows of its index: among all, or, where these are many, among the rows in the order of their indices, in which it finds the first one
 * by bisection.
 */
export const webglSegmentExtreme: Kernel<WebGLBackend, 'segmentExtreme'> = (
  backend,
  [values, indices, initial],
  [y],
  attributes,
) => {
  const { extent, inner } = attributes;
  const rows = indices!.size;
  const search = (order: TensorInfo | null): void =>
    searchRows(backend, { values: values!, indices: indices!, initial, order, y: y! }, attributes);
  if (rows * extent * unitFor(inner).length <= MOST_LOOKS) search(null);
  else {
    withScratch(backend, [1, rows], 'int32', (order) => {
      // The greatest index first; of equals the first row.
      backend.kernels.topK(backend, [reshaped(indices!, [1, rows])], [order], {});
      search(order);
    });
  }
};

interface Operands {
  readonly values: TensorInfo;
  readonly indices: TensorInfo;
  readonly initial: TensorInfo | undefined;
  /** The rows in descending order of their indices. */
  readonly order: TensorInfo | null;
  readonly y: TensorInfo;
}

function searchRows(
  backend: WebGLBackend,
  { values, indices, initial, order, y }: Operands,
  { name, inner, empty }: { readonly name: 'max' | 'min'; readonly inner: number; readonly empty: number },
): void {
  const unit = unitFor(inner);
  const type = laneTypeOf(y.dtype);
  const isFloat = type === 'float';
  const better = isFloat ? reductions[name].glsl : reductions[name].int.glsl;
  const vector = isFloat ? 'vec4' : 'ivec4';
  draw(backend, {
    program: `segmentExtreme ${name} ${empty}${initial ? ' from' : ''}${order ? ' sorted' : ''}`,
    inputs: { values, indices, ...(initial && { initial }), ...(order && { order }) },
    outputs: [y],
    form: unit.form,
    ints: { inner: unit.length, count: indices.size },
    source: () => `
      ${type} better(${type} a, ${type} b) { return ${better}; }
      ${vector} better(${vector} a, ${vector} b) { return ${lanes(vector, (c) => `better(a.${c}, b.${c})`)}; }
      unit result(int i) {
        int index = over_inner(i), column = i - index * inner;
        bool found = ${initial ? 'true' : 'false'};
        unit best = ${initial ? 'initial_unit(i)' : `unit(${literal(empty, type)})`};
        #define TAKE(row) { unit v = values_unit((row) * inner + column); best = found ? better(best, v) : v; found = true; }
        ${
          order
            ? `int low = 0, high = count;
        for (int left = count; left > 0; left >>= 1) {
          int middle = (low + high) >> 1;
          if (middle < high) {
            if (indices_at(order_at(middle)) > index) low = middle + 1;
            else high = middle;
          }
        }
        for (int k = low; k < count; k++) {
          int row = order_at(k);
          if (indices_at(row) != index) break;
          TAKE(row)
        }`
            : `for (int k = 0; k < count; k += 4) {
          ivec4 four = indices_texel(k >> 2);
          for (int lane = 0; lane < 4 && k + lane < count; lane++) if (four[lane] == index) TAKE(k + lane)
        }`
        }
        return best;
      }`,
  });
}
