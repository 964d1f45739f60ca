import type { Kernel, KernelName, KernelTable } from '../../kernel-table';
import type { CpuBackend } from '../backend';
import { activationGradient } from './activation-gradient';
import { batchNorm, batchNormGradient } from './batch-norm';
import { binary } from './binary';
import { cast } from './cast';
import { conv2d, conv2dFilterGradient, conv2dInputGradient } from './conv2d';
import { crossEntropy, crossEntropyGradient } from './cross-entropy';
import type { SimdModule } from './load';
import { matMul } from './mat-mul';
import { concat, gather, pad, scatterAdd, slice } from './moves';
import { averagePoolGradient, maxPoolGradient, maxPoolIndices, pool } from './pool';
import { random } from './random';
import { reduce } from './reduce';
import { resize, resizeGradient } from './resize';
import { select } from './select';
import type { SimdKernel } from './simd-kernel';
import { softmax, softmaxGradient } from './softmax';
import { transpose } from './transpose';
import { unary } from './unary';
import { update } from './update';

const table: { readonly [K in KernelName]?: SimdKernel<K> } = {
  activationGradient,
  averagePoolGradient,
  batchNorm,
  batchNormGradient,
  binary,
  cast,
  concat,
  conv2d,
  conv2dFilterGradient,
  conv2dInputGradient,
  crossEntropy,
  crossEntropyGradient,
  gather,
  matMul,
  maxPoolGradient,
  maxPoolIndices,
  pad,
  pool,
  random,
  reduce,
  resize,
  resizeGradient,
  scatterAdd,
  select,
  slice,
  softmax,
  softmaxGradient,
  transpose,
  unary,
  update,
};

/** The plain kernels, each with its compiled one in front where there is one. */
export function simdKernels(
  { exports }: SimdModule,
  plain: KernelTable<CpuBackend>,
): KernelTable<CpuBackend> {
  const front = <K extends KernelName>(name: K): [K, Kernel<CpuBackend, K>] => {
    const make: SimdKernel<K> | undefined = table[name];
    const own = plain[name] as Kernel<CpuBackend, K>;
    return [name, make ? make(exports, own) : own];
  };
  const names = Object.keys(plain) as KernelName[];
  return Object.fromEntries(names.map((name) => front(name))) as unknown as KernelTable<CpuBackend>;
}
