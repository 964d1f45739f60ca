import { registerBackend, removeBackend, setBackend } from '../../src/tensor';
import { createCpuBackend } from '../../src/kernels/cpu';

/** Calls a function with the names of the CPU's levels and WebGL: those that this browser has. */
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
