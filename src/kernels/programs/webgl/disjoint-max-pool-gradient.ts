import type { TensorInfo } from '../../backend';
import type { WindowGeometry } from '../../convolution';
import type { WebGLBackend } from '../../webgl/backend';
import { draw } from '../../webgl/draw';
import { lanes } from '../../webgl/glsl';
import { LANES } from '../../webgl/texture-layout';
import { unravelImage, windowsKey, windowUniforms } from '../../webgl/window';

/** Whether {@link disjointMaxPoolGradient} can compute it: an element is in one window at most, and channels are whole texels. */
export function hasDisjointWindows(geometry: WindowGeometry): boolean {
  const { inChannels, padTop, padLeft } = geometry;
  return inChannels % LANES === 0 && padTop === 0 && padLeft === 0 && windowsKey(geometry) === ' disjoint';
}

/** [dy, int32 indices] → [dx]: puts each dy at its index. The steps between windows are written into the shader, where uniforms cost a division each. */
export function disjointMaxPoolGradient(
  backend: WebGLBackend,
  [dy, indices]: readonly TensorInfo[],
  outputs: readonly TensorInfo[],
  { geometry }: { readonly geometry: WindowGeometry },
): void {
  const { strideHeight, strideWidth, filterHeight, filterWidth } = geometry;
  draw(backend, {
    program: `maxPoolGradient of ${[strideHeight, strideWidth, filterHeight, filterWidth].join()}`,
    inputs: { dy: dy!, indices: indices! },
    outputs,
    form: 'texel',
    ints: windowUniforms(geometry, LANES),
    source: () => `
      unit result(int i) {
        ${unravelImage('in')}
        int out_y = in_y / ${strideHeight}, out_x = in_x / ${strideWidth};
        int at = ((n * out_height + out_y) * out_width + out_x) * out_channels + c;
        ivec4 index = indices_texel(at) - i * 4;
        bool inside = out_y < out_height && out_x < out_width
          && in_y - out_y * ${strideHeight} < ${filterHeight} && in_x - out_x * ${strideWidth} < ${filterWidth};
        vec4 v = inside ? dy_texel(at) : vec4(0.0);
        return ${lanes('vec4', (lane) => `index.${lane} == ${'xyzw'.indexOf(lane)} ? v.${lane} : 0.0`)} + 0.0;
      }`,
  });
}
