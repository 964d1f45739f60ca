import { instantiate } from './packed-module';
import { RELAXED_MODULE } from './relaxed.wasm';
import { SIMD_MODULE, type SimdExports } from './simd.wasm';

/**
 * Which kernels run: `relaxed` (SIMD with fused multiply-add), `simd`, or `none` (plain TypeScript). `auto` takes the
 * first of these that the engine accepts.
 */
export type SimdLevel = 'auto' | 'relaxed' | 'simd' | 'none';

/** The compiled functions over one memory. */
export interface SimdModule {
  readonly level: 'relaxed' | 'simd';
  readonly exports: SimdExports;
}

/**
 * Compiles the SIMD kernels over the backend's memory, synchronously.
 *
 * @param memory the memory that all addresses of the compiled functions are in
 * @returns null for the level `none`, and where the engine has not the instructions of the level
 */
export function loadSimdModule(memory: WebAssembly.Memory, level: SimdLevel): SimdModule | null {
  if (level === 'none') return null;
  const simd = instantiate(SIMD_MODULE, memory);
  if (!simd) return null;
  // The relaxed module holds a few of the functions, under the same names.
  const relaxed = level === 'simd' ? null : instantiate(RELAXED_MODULE, memory);
  if (level === 'relaxed' && !relaxed) return null;
  const exports = { ...simd, ...relaxed } as unknown as SimdExports;
  return { level: relaxed ? 'relaxed' : 'simd', exports };
}
