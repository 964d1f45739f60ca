import { WebGLBackend } from './backend';
import { openContext, type ContextOptions } from './context';
import { webglKernels } from './kernels';
import { outputLayouts } from './output-layouts';

export type WebGLOptions = ContextOptions;

/**
 * Opens the WebGL backend. Returns null where there is no WebGL2, and a text that says what is missing where the context cannot compute.
 * Never throws.
 */
export function createWebGLBackend(options?: WebGLOptions): WebGLBackend | string | null {
  const context = openContext(options);
  return typeof context === 'object' && context
    ? new WebGLBackend(context, webglKernels, outputLayouts)
    : context;
}
