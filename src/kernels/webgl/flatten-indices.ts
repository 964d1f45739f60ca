import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { list } from './glsl';
import { LANES } from './texture-layout';

export const flattenIndices: Kernel<WebGLBackend, 'flattenIndices'> = (
  backend,
  [indices],
  [y],
  { extents },
) => {
  const depth = extents.length;
  // The indices of four positions are `depth` whole texels.
  const index = (lane: number, k: number): string => `v${(lane * depth + k) >> 2}[${(lane * depth + k) & 3}]`;
  draw(backend, {
    program: `flattenIndices ${depth}`,
    inputs: { x: indices! },
    outputs: [y!],
    form: 'texel',
    ints: { extent: extents },
    source: () => `
      bool outside(int index, int extent) { return index < 0 || index >= extent; }
      vector result(int t) {
        ${list(depth, (k) => `ivec4 v${k} = x_texel(t * ${depth} + ${k});`)}
        return vector(${list(
          LANES,
          (lane) =>
            `${list(depth, (k) => `outside(${index(lane, k)}, extent${k}) || `)}false ? -1 : ${extents.reduce(
              (flat, _, k) => `(${flat}) * extent${k} + ${index(lane, k)}`,
              '0',
            )}`,
          ', ',
        )});
      }`,
  });
};

/** Each position searches all indices for its own, from the end, so that it finds the last one first. */
export const lastPlaces: Kernel<WebGLBackend, 'lastPlaces'> = (backend, [indices], [y]) => {
  draw(backend, {
    program: 'lastPlaces',
    inputs: { indices: indices! },
    outputs: [y!],
    form: 'element',
    ints: { count: indices!.size },
    source: () => `
      unit result(int i) {
        for (int k = count - 1; k >= 0; k--) if (indices_at(k) == i) return k;
        return -1;
      }`,
  });
};
