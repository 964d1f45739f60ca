import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { laneTypeOf } from './textures';

export const oneHot: Kernel<WebGLBackend, 'oneHot'> = (backend, [indices], [y], { depth, on, off }) => {
  const values = { on_value: on, off_value: off };
  const integral = laneTypeOf(y!.dtype) === 'int';
  draw(backend, {
    program: 'oneHot',
    inputs: { x: indices! },
    outputs: [y!],
    form: 'element',
    ints: { depth_: depth, ...(integral && values) },
    floats: integral ? {} : values,
    source: () => `
      unit result(int i) {
        int row = over_depth_(i);
        return x_at(row) == i - row * depth_ ? on_value : off_value;
      }`,
  });
};
