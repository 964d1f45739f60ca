import type { Kernel } from '../kernel-table';
import { fillRamp } from '../ramp';
import type { WebGLBackend } from './backend';
import { laneTypeOf } from './textures';

/** Computed on the host and uploaded, as the values of a list are: shaders have no float64, in which the numbers are defined. */
export const ramp: Kernel<WebGLBackend, 'ramp'> = (backend, _inputs, [y], attributes) => {
  const { size, handle } = y!;
  const values = laneTypeOf(y!.dtype) === 'float' ? new Float32Array(size) : new Int32Array(size);
  fillRamp(values, attributes);
  backend.write(handle, values);
};
