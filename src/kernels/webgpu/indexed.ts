/** Kernels that find elements by indices. */
import type { Kernel } from '../kernel-table';
import type { WebGPUBackend } from './backend';
import { dispatch, typeOf } from './dispatch';
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

/** Each element searches the indices for its own, so that the sums have one order and the same bits in every run. */
export const scatterAdd: Kernel<WebGPUBackend, 'scatterAdd'> = (
  backend,
  [values, indices],
  [y],
  { outer, extent, inner, batch = 1 },
) => {
  const sum = blockedSum(typeOf(y!.dtype));
  dispatch(backend, {
    program: 'scatterAdd',
    inputs: { values: values!, indices: indices! },
    outputs: { y: y! },
    form: 'element',
    ints: { extent, inner, indices_count: indices!.size / batch, outer_part: outer / batch },
    source: () => `
      fn result(i: i32) -> T {
        let row = i / u.inner;
        let group = row / u.extent;
        let position = row - group * u.extent;
        let first = group / u.outer_part * u.indices_count;
        ${sum.declare}
        for (var k = 0; k < u.indices_count; k++) {
          if (indices[first + k] == position) {
            ${sum.add('values[(group * u.indices_count + k) * u.inner + i - row * u.inner]')}
          }
        }
        return ${sum.value};
      }`,
  });
};

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
