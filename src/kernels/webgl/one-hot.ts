import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { lanes } from './glsl';
import { LANES } from './texture-layout';
import { laneTypeOf } from './textures';

export const oneHot: Kernel<WebGLBackend, 'oneHot'> = (backend, [indices], [y], { depth, on, off }) => {
  const values = { on_value: on, off_value: off };
  const integral = laneTypeOf(y!.dtype) === 'int';
  // A texel then lies in one row or two.
  const isLong = depth >= LANES;
  draw(backend, {
    program: `oneHot ${depth % LANES ? '' : 'texels'}`,
    inputs: { x: indices! },
    outputs: [y!],
    form: isLong ? 'texel' : 'element',
    ints: { depth_: depth, ...(integral && values) },
    floats: integral ? {} : values,
    source: () => `
      unit result(int i) {
        ${isLong ? 'i *= 4;' : ''}
        int row = over_depth_(i), at = i - row * depth_, hot = x_at(row) - at;
        ${
          isLong
            ? `int left = depth_ - at, next = ${depth % LANES ? 'x_at(row + 1) + left' : '0'};
        return ${lanes('vector', (c) => `(${'xyzw'.indexOf(c)} < left ? hot : next) == ${'xyzw'.indexOf(c)} ? on_value : off_value`)};`
            : 'return hot == 0 ? on_value : off_value;'
        }
      }`,
  });
};
