import { reshaped, type TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { reductions } from '../reductions';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';
import { combineOf } from './reduce';
import { withScratch } from './scratch';
import { topK } from './top-k';

/** Up to so many looks at an index, every place looks at all indices; beyond it they are sorted first. */
const MOST_LOOKS = 2 ** 22;

/**
 * Each element looks for the rows of its index: among all, or, where these are many, among the rows in the order of their indices, in which it finds the first one
 * by bisection.
 */
export const segmentExtreme: Kernel<WebGPUBackend, 'segmentExtreme'> = (
  backend,
  [values, indices, initial],
  [y],
  { name, extent, inner, empty },
) => {
  const rows = indices!.size;
  const type = typeOf(y!.dtype);
  const search = (order: TensorInfo | null): void =>
    dispatch(backend, {
      program: `segmentExtreme ${name}${initial ? ' from' : ''}${order ? ' sorted' : ''}`,
      inputs: { values: values!, indices: indices!, ...(initial && { initial }), ...(order && { order }) },
      outputs: { y: y! },
      form: 'element',
      ints: { inner, rows, ...(type === 'i32' && { empty }) },
      floats: type === 'f32' ? { empty } : {},
      source: () => `
        fn better(a: T, b: T) -> T { return ${combineOf(type === 'f32' ? reductions[name] : reductions[name].int)}; }
        fn result(i: i32) -> T {
          let index = i / u.inner;
          let column = i - index * u.inner;
          var found = ${initial ? 'true' : 'false'};
          var best = ${initial ? 'initial[i]' : 'u.empty'};
          ${
            order
              ? `// The greatest index is the first.
          var low = 0;
          var high = u.rows;
          while (low < high) {
            let middle = (low + high) >> 1;
            if (indices[order[middle]] > index) { low = middle + 1; } else { high = middle; }
          }
          for (var k = low; k < u.rows; k++) {
            let row = order[k];
            if (indices[row] != index) { break; }`
              : `for (var row = 0; row < u.rows; row++) {
            if (indices[row] != index) { continue; }`
          }
            let v = values[row * u.inner + column];
            if (found) { best = better(best, v); } else { best = v; }
            found = true;
          }
          return best;
        }`,
    });
  if (rows * extent * inner <= MOST_LOOKS) {
    search(null);
    return;
  }
  withScratch(backend, [1, rows], 'int32', (order) => {
    topK(backend, [reshaped(indices!, [1, rows])], [order], {});
    search(order);
  });
};
