/** Kernels that find elements by indices. */
import { reshaped, type TensorInfo } from '../backend';
import type { IndexView, Kernel } from '../kernel-table';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';
import { withScratch } from './scratch';
import { topK } from './top-k';
import { blockedSum, list } from './wgsl';

export const gather: Kernel<WebGPUBackend, 'gather'> = (
  backend,
  [x, indices],
  [y],
  { outer, extent, inner, batch = 1 },
) => {
  dispatch(backend, {
    program: 'gather',
    inputs: { x: x!, indices: indices! },
    outputs: { y: y! },
    form: 'element',
    ints: { extent, inner, indices_count: indices!.size / batch, outer_part: outer / batch },
    source: () => `
      fn result(i: i32) -> T {
        let row = i / u.inner;
        let group = row / u.indices_count;
        let index = indices[row - group * u.indices_count + group / u.outer_part * u.indices_count];
        if (index < 0 || index >= u.extent) { return T(0); }
        return x[(group * u.extent + index) * u.inner + i - row * u.inner];
      }`,
  });
};

/** So few indices are searched faster than sorted. */
const FEW_INDICES = 32;

/**
 * Sorts the indices, so that each element finds its own terms together, in the order of the values: the sums have the same bits in every run, which
 * they would not have if the terms were added as they come.
 */
export const scatterAdd: Kernel<WebGPUBackend, 'scatterAdd'> = (backend, [values, indices], [y], view) => {
  const { batch = 1 } = view;
  const count = indices!.size / batch;
  if (count <= FEW_INDICES) {
    addUp(
      backend,
      { values: values!, indices: indices! },
      y!,
      view,
      'for (var k = 0; k < u.indices_count; k++)',
      'k',
    );
    return;
  }
  const rows = reshaped(indices!, [batch, count]);
  withScratch(backend, rows.shape, 'int32', (order) => {
    topK(backend, [rows], [order], {});
    addUp(
      backend,
      { values: values!, indices: indices!, order },
      y!,
      view,
      // The greatest index is the first: finds the first place whose index is not greater.
      `var low = 0;
        var high = u.indices_count;
        while (low < high) {
          let middle = (low + high) >> 1;
          if (indices[first + order[first + middle]] > position) { low = middle + 1; } else { high = middle; }
        }
        for (var at = low; at < u.indices_count && indices[first + order[first + at]] == position; at++)`,
      'order[first + at]',
    );
  });
};

/** Adds up the values at the places that a loop gives. */
function addUp(
  backend: WebGPUBackend,
  inputs: Readonly<Record<string, TensorInfo>>,
  y: TensorInfo,
  { outer, extent, inner, batch = 1 }: IndexView,
  loop: string,
  place: string,
): void {
  const sum = blockedSum(typeOf(y.dtype));
  dispatch(backend, {
    program: `scatterAdd ${place}`,
    inputs,
    outputs: { y },
    form: 'element',
    ints: { extent, inner, indices_count: inputs.indices!.size / batch, outer_part: outer / batch },
    source: () => `
      ${sum.functions}
      fn result(i: i32) -> T {
        let row = i / u.inner;
        let group = row / u.extent;
        let position = row - group * u.extent;
        let first = group / u.outer_part * u.indices_count;
        ${sum.declare}
        ${loop} {
          let place = ${place};
          if (indices[first + place] == position) {
            ${sum.add('values[(group * u.indices_count + place) * u.inner + i - row * u.inner]')}
          }
        }
        return ${sum.value};
      }`,
  });
}

export const flattenIndices: Kernel<WebGPUBackend, 'flattenIndices'> = (
  backend,
  [indices],
  [y],
  { extents },
) => {
  const depth = extents.length;
  dispatch(backend, {
    program: `flattenIndices ${depth}`,
    inputs: { indices: indices! },
    outputs: { y: y! },
    form: 'element',
    ints: { extent: extents },
    source: () => `
      fn result(i: i32) -> T {
        var flat = 0;
        var inside = true;
        ${list(
          depth,
          (k) => `let index${k} = indices[i * ${depth} + ${k}];
        inside = inside && index${k} >= 0 && index${k} < u.extent${k};
        flat = flat * u.extent${k} + index${k};`,
        )}
        return select(-1, flat, inside);
      }`,
  });
};

/** Each position searches all indices for its own, from the end, so that it finds the last one first. */
export const lastPlaces: Kernel<WebGPUBackend, 'lastPlaces'> = (backend, [indices], [y]) => {
  dispatch(backend, {
    program: 'lastPlaces',
    inputs: { indices: indices! },
    outputs: { y: y! },
    form: 'element',
    ints: { indices_count: indices!.size },
    source: () => `
      fn result(i: i32) -> T {
        for (var k = u.indices_count - 1; k >= 0; k--) { if (indices[k] == i) { return k; } }
        return -1;
      }`,
  });
};

export const searchSorted: Kernel<WebGPUBackend, 'searchSorted'> = (
  backend,
  [sorted, values],
  [y],
  { side },
) => {
  const [rows, length] = sorted!.shape as [number, number];
  dispatch(backend, {
    program: `searchSorted ${side}`,
    inputs: { sorted: sorted!, values: values! },
    outputs: { y: y! },
    form: 'element',
    ints: { extent: length, row_count: values!.size / rows },
    source: () => `
      fn result(i: i32) -> T {
        let base = i / u.row_count * u.extent;
        let wanted = values[i];
        var low = 0;
        var high = u.extent;
        while (low < high) {
          let middle = (low + high) >> 1;
          if (sorted[base + middle] ${side === 'left' ? '<' : '<='} wanted) { low = middle + 1; } else { high = middle; }
        }
        return low;
      }`,
  });
};
