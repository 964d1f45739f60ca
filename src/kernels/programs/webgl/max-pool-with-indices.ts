import type { TensorInfo } from '../../backend';
import type { WindowGeometry } from '../../convolution';
import type { WebGLBackend } from '../../webgl/backend';
import { draw } from '../../webgl/draw';
import { HAS_NAN } from '../../webgl/glsl';
import { CONSIDER } from '../../webgl/max-pool-indices';
import { LANES } from '../../webgl/texture-layout';
import { overWindow, TAPS_INSIDE, unravelImage, windowUniforms } from '../../webgl/window';

/** Whether {@link maxPoolWithIndices} can compute it: channels are whole texels. */
export function hasIndicesInOneDraw({ inChannels }: WindowGeometry): boolean {
  return inChannels % LANES === 0;
}

/** The most elements of a window that are written out one by one. */
const MOST_TAPS = 16;

/** Whether every window lies in the image, so that no element needs a test. */
function liesInside(g: WindowGeometry): boolean {
  const ends = (out: number, stride: number, filter: number, extent: number): boolean =>
    (out - 1) * stride + filter <= extent;
  return (
    g.padTop <= 0 &&
    g.padLeft <= 0 &&
    g.dilationHeight === 1 &&
    g.dilationWidth === 1 &&
    ends(g.outHeight, g.strideHeight, g.filterHeight, g.inHeight) &&
    ends(g.outWidth, g.strideWidth, g.filterWidth, g.inWidth)
  );
}

/**
 * GLSL for a window of known size inside the image: its elements one by one. The first one needs no comparison, and bits tell at the end whether there
 * was a NaN, which takes another look for the first one.
 */
function overKnownWindow({ filterHeight, filterWidth }: WindowGeometry): string {
  const taps = Array.from({ length: filterHeight * filterWidth }, (_, i) => {
    const at = `first + ${Math.floor(i / filterWidth)} * in_width * in_channels + ${i % filterWidth} * in_channels`;
    return { at, value: `v${i}` };
  });
  const [first, ...others] = taps as [(typeof taps)[number], ...typeof taps];
  return `
    int first = ((n * in_height + out_y * stride_height) * in_width + out_x * stride_width) * in_channels + c;
    ${taps.map(({ at, value }) => `vec4 ${value} = x_texel(${at});`).join('\n')}
    vec4 best = ${first.value};
    ivec4 index = ivec4(first);
    ${others.map(({ at, value }) => `{ bvec4 better = greaterThan(${value}, best); best = mix(best, ${value}, better); index = pick(index, ${at}, better); }`).join('\n')}
    index = index * 4 + ivec4(0, 1, 2, 3);
    if (${taps.map(({ value }) => `has_nan(${value})`).join(' || ')}) {
      index = ivec4(-1);
      best = vec4(-INFINITY);
      ${taps.map(({ at, value }) => `consider(${value}, ${at}, best, index);`).join('\n')}
    }`;
}

/** [x] → [y, int32 indices]: a max-pool, and where in x each result comes from, in one draw. */
export function maxPoolWithIndices(
  backend: WebGLBackend,
  [x]: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  { geometry }: { readonly geometry: WindowGeometry },
): void {
  const isKnown = liesInside(geometry) && geometry.filterHeight * geometry.filterWidth <= MOST_TAPS;
  draw(backend, {
    program: `maxPoolWithIndices${isKnown ? ` ${geometry.filterHeight} ${geometry.filterWidth}` : ''}`,
    inputs: { x: x! },
    outputs,
    form: 'block',
    ints: windowUniforms(geometry, LANES),
    source: () => `
      ${CONSIDER}
      ${isKnown ? `${HAS_NAN}${PICK}` : TAPS_INSIDE}
      void block() {
        int i = here;
        ${unravelImage('out')}
        ${
          isKnown
            ? overKnownWindow(geometry)
            : `ivec4 index = ivec4(-1);
        vec4 best = vec4(-INFINITY);
        ${overWindow('consider(v, at, best, index);')}`
        }
        out_0 = best;
        out_1 = index;
      }`,
  });
}

const PICK = `
  ivec4 pick(ivec4 a, int b, bvec4 second) {
    return ivec4(second.x ? b : a.x, second.y ? b : a.y, second.z ? b : a.z, second.w ? b : a.w);
  }`;
