import type { Kernel, KernelName } from '../../kernel-table';
import type { CpuBackend } from '../backend';
import type { SimdExports } from './simd.wasm';

/**
 * Makes a kernel out of the compiled functions and the plain kernel, to which it gives what it does not cover: a data
 * type, an attribute, an empty tensor.
 */
export type SimdKernel<K extends KernelName> = (
  simd: SimdExports,
  plain: Kernel<CpuBackend, K>,
) => Kernel<CpuBackend, K>;
