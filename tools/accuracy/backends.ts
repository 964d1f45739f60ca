import { registerBackend, removeBackend, setBackend } from '../../src/tensor';
import { createCpuBackend } from '../../src/kernels/cpu';

/** Registers the levels of the CPU's kernels as backends, and calls a function with the names of all backends that this browser supports. */
export function withBackends<T>(measure: (names: readonly string[]) => T): Promise<T> {
  const levels = ['none', 'simd', 'relaxed'] as const;
  for (const level of levels) registerBackend(level, () => createCpuBackend(level), 0);
  const result = measure([...levels.filter((level) => isThere(level)), 'webgl']);
  setBackend('webgl');
  for (const level of levels) removeBackend(level);
  return Promise.resolve(result);
}

function isThere(backend: string): boolean {
  try {
    setBackend(backend);
    return true;
  } catch {
    return false;
  }
}
