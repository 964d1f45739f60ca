import type { Kernel } from '../kernel-table';
import type { WebGLBackend } from './backend';
import { submit } from './submission';
import { isImaginary } from './textures';

/** Uses no shader: the device clears a texture faster than a shader fills it. */
export const fill: Kernel<WebGLBackend, 'fill'> = (backend, _inputs, [y], { value }) => {
  if (y!.size === 0) return;
  const target = backend.textureOf(y!);
  if (!isImaginary(target)) submit(backend, { targets: [target], clear: value, draw: null });
};
