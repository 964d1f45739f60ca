import { WebGPUBackend } from './backend';
import { openDevice } from './device';
import { webgpuKernels } from './kernels';

/** Opens the WebGPU backend. Resolves to a text that says why where there is none. Never rejects. */
export async function createWebGPUBackend(): Promise<WebGPUBackend | string> {
  const opened = await openDevice();
  return typeof opened === 'string' ? opened : new WebGPUBackend(opened, webgpuKernels);
}
