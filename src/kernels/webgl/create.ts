import { WebGLBackend } from './backend';
import { openContext } from './context';
import { webglKernels } from './kernels';
import { outputLayouts } from './output-layouts';

export interface WebGLOptions {
  /** The longest side of a texture, in texels; by default, and at most, the device's limit. */
  readonly maxTextureSize?: number;
}

/**
 * Opens the WebGL backend. Returns null where this machine does not support it: without WebGL2, rendering to float
 * textures, or a canvas. Never throws.
 */
export function createWebGLBackend({ maxTextureSize }: WebGLOptions = {}): WebGLBackend | null {
  const context = openContext(maxTextureSize);
  return context && new WebGLBackend(context, webglKernels, outputLayouts);
}
