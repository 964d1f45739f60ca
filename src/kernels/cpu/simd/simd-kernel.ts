import type { Kernel, KernelName } from '../../kernel-table';
import type { CpuBackend } from '../backend';
import type { SimdExports } from './simd.wasm';

/**
 * Makes a kernel from the compiled functions and the plain kernel. It calls the plain kernel for cases that the compiled functions
 * do not cover: a dtype, an attribute, an empty tensor.
 */
export type SimdKernel<K extends KernelName> = (
  simd: SimdExports,
  plain: Kernel<CpuBackend, K>,
) => Kernel<CpuBackend, K>;
