import { WebGLBackend } from './backend';
import { openContext } from './context';
import { webglKernels } from './kernels';
import { outputLayouts } from './output-layouts';

export interface WebGLOptions {
  /** The longest side of a texture, in texels; by default, and at most, the device's limit. */
  readonly maxTextureSize?: number;
}

/**
 * Opens the WebGL backend. Returns null where there is no WebGL2, and a text that says what is missing where the context cannot compute.
 * Never throws.
 */
export function createWebGLBackend({ maxTextureSize }: WebGLOptions = {}): WebGLBackend | string | null {
  const context = openContext(maxTextureSize);
  return typeof context === 'object' && context
    ? new WebGLBackend(context, webglKernels, outputLayouts)
    : context;
}
