import type { Kernel } from '../backend';
import type { WebGLBackend } from './backend';
import { draw } from './draw';
import { laneTypeOf } from './textures';

export const ramp: Kernel<WebGLBackend, 'ramp'> = (backend, _inputs, [y], { start, step }) => {
  draw(backend, {
    program: 'ramp',
    inputs: {},
    outputs: [y!],
    form: 'element',
    [laneTypeOf(y!.dtype) === 'float' ? 'floats' : 'ints']: { start, step_: step },
    source: () => 'unit result(int i) { return start + unit(i) * step_; }',
  });
};
