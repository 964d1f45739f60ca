import { WebGLBackend } from './backend';
import { openContext } from './context';
import { webglKernels } from './kernels';
import { outputLayouts } from './output-layouts';

export interface WebGLOptions {
  /** No texture is made longer than this on either side, in texels; the device may set a lower bound. */
  readonly maxTextureSize?: number;
}

/**
 * Opens the WebGL backend, or returns null where this machine does not support it: no WebGL2, no rendering to float
 * textures, or no canvas at all. Never throws.
 */
export function createWebGLBackend({ maxTextureSize }: WebGLOptions = {}): WebGLBackend | null {
  const context = openContext(maxTextureSize);
  return context && new WebGLBackend(context, webglKernels, outputLayouts);
}
