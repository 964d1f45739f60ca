import type { TensorInfo } from '../../backend';
import type { WindowGeometry } from '../../convolution';
import type { WebGLBackend } from '../../webgl/backend';
import { draw } from '../../webgl/draw';
import { CONSIDER } from '../../webgl/max-pool-indices';
import { LANES } from '../../webgl/texture-layout';
import { overWindow, TAPS_INSIDE, unravelImage, windowUniforms } from '../../webgl/window';

/** Whether {@link maxPoolWithIndices} can compute it: channels are whole texels. */
export function hasIndicesInOneDraw({ inChannels }: WindowGeometry): boolean {
  return inChannels % LANES === 0;
}

/** [x] → [y, int32 indices]: a max-pool, and where in x each result comes from, in one draw. */
export function maxPoolWithIndices(
  backend: WebGLBackend,
  [x]: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  { geometry }: { readonly geometry: WindowGeometry },
): void {
  draw(backend, {
    program: 'maxPoolWithIndices',
    inputs: { x: x! },
    outputs,
    form: 'block',
    ints: windowUniforms(geometry, LANES),
    source: () => `
      ${CONSIDER}
      ${TAPS_INSIDE}
      void block() {
        int i = here;
        ${unravelImage('out')}
        ivec4 index = ivec4(-1);
        vec4 best = vec4(-INFINITY);
        ${overWindow('consider(v, at, best, index);')}
        out_0 = best;
        out_1 = index;
      }`,
  });
}
