import { registerBackend, removeBackend, setBackend } from '../../src/tensor';
import { createCpuBackend } from '../../src/kernels/cpu';
import { elementwiseErrors, type ElementwiseError } from './elementwise';
import { productError, productRows } from './products';

/** What one backend gave. */
export interface BackendErrors {
  readonly backend: string;
  readonly elementwise: readonly ElementwiseError[];
  readonly products: readonly number[];
}

/** The CPU with each level of its kernels, and WebGL: those that this browser has. */
export function main(): Promise<BackendErrors[]> {
  const levels = ['none', 'simd', 'relaxed'] as const;
  for (const level of levels) registerBackend(level, () => createCpuBackend(level), 0);
  const backends = [...levels.filter((level) => isThere(level)), 'webgl'].map((backend) => {
    setBackend(backend);
    return { backend, elementwise: elementwiseErrors(), products: productRows.map(productError) };
  });
  setBackend('webgl');
  for (const level of levels) removeBackend(level);
  return Promise.resolve(backends);
}

function isThere(backend: string): boolean {
  try {
    setBackend(backend);
    return true;
  } catch {
    return false;
  }
}
