import { activeBackend } from '../active-backend';
import { CpuBackend } from '../cpu/backend';
import { kernels } from '../cpu/kernels';
import type { Kernel, BroughtKernelName } from '../kernel-table';
import { findBackend } from '../registered-backends';
import { WebGLBackend } from './backend';

/**
 * Puts a kernel of an entry into the tables of the backends, so that programs without that entry do not load it. Each op that runs it calls this: a backend may
 * have been opened since the last call.
 */
export function bringKernel<K extends BroughtKernelName>(
  name: K,
  cpu: Kernel<CpuBackend, K>,
  webgl: Kernel<WebGLBackend, K>,
): void {
  // Backends for the CPU that are opened later, also those that others are made of.
  put(kernels, name, cpu);
  const backend = activeBackend();
  if (backend instanceof WebGLBackend) put(backend.kernels, name, webgl);
  else {
    // Where another backend lacks the kernel, the CPU runs it.
    const runs = backend instanceof CpuBackend ? backend : findBackend('cpu');
    if (runs instanceof CpuBackend) put(runs.kernels, name, cpu);
  }
}

/** A kernel of a name fits the table of its backend, as the parameters of {@link bringKernel} say. */
function put(
  table: Partial<Record<BroughtKernelName, unknown>>,
  name: BroughtKernelName,
  kernel: unknown,
): void {
  table[name] ??= kernel;
}
