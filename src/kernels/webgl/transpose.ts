import type { TensorInfo } from '../backend';
import type { Kernel } from '../kernel-table';
import { mergeAxes, sizeOf, stridesOf, type LoopNest } from '../strides';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { lanes, list, unravel } from './glsl';
import type { OutputLayout } from './output-layouts';
import { copyStrided } from './strided';
import { LANES, LEAST_FRAGMENTS, texelsOf } from './texture-layout';

const stridesIn = (x: TensorInfo, permutation: readonly number[]): number[] => {
  const strides = stridesOf(x.shape);
  return permutation.map((axis) => strides[axis]!);
};

/** The output's axes with their strides in x, and the one along which x is contiguous. */
function nestOf(x: TensorInfo, y: TensorInfo, permutation: readonly number[]): LoopNest & { inner: number } {
  const nest = mergeAxes(y.shape, [stridesIn(x, permutation)]);
  return { ...nest, inner: nest.strides[0]!.indexOf(1) };
}

/**
 * Four layers, where x and y have whole texels along their innermost axes, which differ: then a fragment turns four texels of x into
 * four texels of y, one in each of four neighbouring rows.
 */
export const layoutOfTranspose: OutputLayout<'transpose'> = (backend, [x], [y], { permutation }) => {
  const { shape, inner } = nestOf(x!, y!, permutation);
  const last = shape.length - 1;
  if (inner < 0 || inner === last || shape[inner]! % LANES || shape[last]! % LANES) return null;
  const width = texelsOf(sizeOf(shape.slice(inner + 1)));
  const height = sizeOf(shape.slice(0, inner + 1)) / LANES;
  const fits = Math.max(width, height) <= backend.maxTextureSize && width * height >= LEAST_FRAGMENTS;
  return fits ? { width, height, layers: LANES } : null;
};

export const transpose: Kernel<WebGLBackend, 'transpose'> = (backend, [x], [y], { permutation }) => {
  if (y!.size === 0) return;
  if (backend.textureOf(y!).layout.layers === 1) {
    copyStrided(backend, { tensor: x!, strides: stridesIn(x!, permutation) }, y!);
    return;
  }
  const { shape, strides, inner } = nestOf(x!, y!, permutation);
  const rank = shape.length;
  const inTexels = (values: readonly number[]): number[] =>
    values.map((v, k) => (k === rank - 1 ? v / LANES : v));
  draw(backend, {
    program: `transpose ${rank} ${inner}`,
    inputs: { x: x! },
    outputs: [y!],
    form: 'block',
    ints: { s: inTexels(shape), stride: strides[0]!, step: strides[0]![rank - 1]! / LANES },
    source: () => `
      void block() {
        ${unravel(inner + 1, 'line_of(0)')}
        ${unravel(rank, 'int(gl_FragCoord.x)', inner + 1)}
        int t = (${list(rank, (k) => `c${k} * stride${k}${k === rank - 1 ? ' * 4' : ''}`, ' + ')}) >> 2;
        ${list(LANES, (k) => `vector v${k} = x_texel(t + ${k} * step);`)}
        ${list(LANES, (k) => `out_${k} = ${lanes('vector', (c) => `v${'xyzw'.indexOf(c)}[${k}]`)};`)}
      }`,
  });
};
