import { registerBackend, removeBackend, setBackend } from '../../src/tensor';
import { createCpuBackend } from '../../src/kernels/cpu';
import { elementwiseErrors, type ElementwiseError } from './elementwise';
import { longErrors, type LongError } from './long-sums';
import { productError, productRows } from './products';

/** What one backend gave. */
export interface BackendErrors {
  readonly backend: string;
  readonly elementwise: readonly ElementwiseError[];
  readonly products: readonly number[];
}

/** What a run of the page brings back. */
export interface Errors {
  readonly backends: readonly BackendErrors[];
  readonly long: readonly LongError[];
}

/** The CPU with each level of its kernels, and WebGL: those that this browser has. */
export function main(): Promise<Errors> {
  const levels = ['none', 'simd', 'relaxed'] as const;
  for (const level of levels) registerBackend(level, () => createCpuBackend(level), 0);
  const names = [...levels.filter((level) => isThere(level)), 'webgl'];
  const backends = names.map((backend) => {
    setBackend(backend);
    return { backend, elementwise: elementwiseErrors(), products: productRows.map(productError) };
  });
  const long = longErrors(names);
  setBackend('webgl');
  for (const level of levels) removeBackend(level);
  return Promise.resolve({ backends, long });
}

function isThere(backend: string): boolean {
  try {
    setBackend(backend);
    return true;
  } catch {
    return false;
  }
}
