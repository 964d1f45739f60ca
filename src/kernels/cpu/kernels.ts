import { customOnHost as custom } from '../custom';
import type { KernelTable } from '../kernel-table';
import { activationGradient } from './activation-gradient';
import { argReduce } from './arg-reduce';
import type { CpuBackend } from './backend';
import { batchNorm, batchNormGradient } from './batch-norm';
import { binary } from './binary';
import { cast } from './cast';
import { concat } from './concat';
import { conv2d } from './conv2d';
import { conv2dFilterGradient } from './conv2d-filter-gradient';
import { conv2dInputGradient } from './conv2d-input-gradient';
import { crossEntropy, crossEntropyGradient } from './cross-entropy';
import { fill, ramp } from './fill';
import { flattenIndices, lastPlaces } from './flatten-indices';
import { fromPixels, paint } from './picture';
import { gather, scatterAdd } from './gather';
import {
  localResponseNormalization,
  localResponseNormalizationGradient,
} from './local-response-normalization';
import { matMul } from './mat-mul';
import { mirrorPadGradient } from './mirror-pad-gradient';
import { oneHot } from './one-hot';
import { pad } from './pad';
import { averagePoolGradient, maxPoolGradient, maxPoolIndices, pool } from './pool';
import { random } from './random';
import { recurrence } from './recurrence';
import { reduce } from './reduce';
import { resize, resizeGradient } from './resize';
import { scan } from './scan';
import { searchSorted } from './search-sorted';
import { select } from './select';
import { slice } from './slice';
import { softmax, softmaxGradient } from './softmax';
import { tile } from './tile';
import { topK } from './top-k';
import { transpose } from './transpose';
import { unary } from './unary';
import { update } from './update';
import { warp, warpGradient } from './warp';

/** Every kernel in plain TypeScript, for any engine. Where WebAssembly SIMD is supported, kernels of `simd/` replace some. */
export const kernels: KernelTable<CpuBackend> = {
  activationGradient,
  argReduce,
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
  custom,
  fill,
  flattenIndices,
  fromPixels,
  gather,
  lastPlaces,
  localResponseNormalization,
  localResponseNormalizationGradient,
  matMul,
  maxPoolGradient,
  maxPoolIndices,
  mirrorPadGradient,
  oneHot,
  pad,
  paint,
  pool,
  ramp,
  random,
  recurrence,
  reduce,
  resize,
  resizeGradient,
  scan,
  scatterAdd,
  searchSorted,
  select,
  slice,
  softmax,
  softmaxGradient,
  tile,
  topK,
  transpose,
  unary,
  update,
  warp,
  warpGradient,
};
