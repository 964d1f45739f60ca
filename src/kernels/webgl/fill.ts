import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { isImaginary } from './textures';

/** Uses no shader: the device clears a texture faster than a shader fills it. */
export const fill: Kernel<WebGLBackend, 'fill'> = (backend, _inputs, [y], { value }) => {
  if (y!.size === 0) return;
  const { gl } = backend;
  const target = backend.textureOf(y!);
  if (isImaginary(target)) return;
  backend.bindFramebuffer(target);
  const values = [value, value, value, value];
  if (target.laneType === 'float') gl.clearBufferfv(gl.COLOR, 0, values);
  else gl.clearBufferiv(gl.COLOR, 0, values);
  backend.submitted();
};
