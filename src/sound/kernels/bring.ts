import { activeBackend, findBackend } from '../../kernels';
import { CpuBackend } from '../../kernels/cpu/backend';
import { kernels } from '../../kernels/cpu/kernels';
import { WebGLBackend } from '../../kernels/webgl/backend';
import { cpuFourier } from './cpu-fourier';
import { webglFourier } from './webgl-fourier';

/**
 * Puts the kernels of this entry into the tables of the backends, so that programs without it do not load them. Each op calls this: a backend may have been
 * opened since the last call.
 */
export function bringKernels(): void {
  // Backends for the CPU that are opened later, also those that others are made of.
  kernels.fourier ??= cpuFourier;
  const backend = activeBackend();
  if (backend instanceof WebGLBackend) backend.kernels.fourier ??= webglFourier;
  else {
    // Where another backend lacks the kernel, the CPU runs it.
    const cpu = backend instanceof CpuBackend ? backend : findBackend('cpu');
    if (cpu instanceof CpuBackend) cpu.kernels.fourier ??= cpuFourier;
  }
}
