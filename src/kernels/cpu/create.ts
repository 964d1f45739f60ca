import { CpuBackend } from './backend';
import { BufferMemory } from './growable-memory';
import { kernels } from './kernels';
import { LinearMemory } from './memory';
import { loadSimdModule, simdKernels, type SimdLevel } from './simd';

/**
 * Creates a CPU backend with its own memory.
 *
 * @param level which kernels to use; by default the fastest that the engine supports
 * @returns null where the engine does not support `level`
 */
export function createCpuBackend(level: SimdLevel = 'auto'): CpuBackend | null {
  const linear = new LinearMemory();
  const { memory } = linear;
  const module = memory instanceof BufferMemory ? null : loadSimdModule(memory, level);
  if (!module && (level === 'simd' || level === 'relaxed')) return null;
  const device = {
    name: module ? `WebAssembly, ${module.level === 'simd' ? '' : 'relaxed '}SIMD` : 'TypeScript',
  };
  return new CpuBackend(module ? simdKernels(module, kernels) : kernels, linear, device, module?.level);
}
