import type { Kernel } from '../kernel-table';
import { fillRamp } from '../ramp';
import type { WebGLBackend } from './backend';
import { laneTypeOf } from './textures';

/** Computes on the host and writes the values, since shaders have no float64. */
export const ramp: Kernel<WebGLBackend, 'ramp'> = (backend, _inputs, [y], attributes) => {
  const { size, handle } = y!;
  const values = laneTypeOf(y!.dtype) === 'float' ? new Float32Array(size) : new Int32Array(size);
  fillRamp(values, attributes);
  backend.write(handle, values);
};
