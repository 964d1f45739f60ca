import type { KernelTable } from '../kernel-table';
import { activationGradient } from './activation-gradient';
import { argReduce } from './arg-reduce';
import { averagePoolGradient } from './average-pool-gradient';
import type { WebGLBackend } from './backend';
import { batchNorm, batchNormGradient } from './batch-norm';
import { binary } from './binary';
import { cast } from './cast';
import { concat } from './concat';
import { conv2d } from './conv2d';
import { conv2dFilterGradient } from './conv2d-filter-gradient';
import { conv2dInputGradient } from './conv2d-input-gradient';
import { crossEntropy, crossEntropyGradient } from './cross-entropy';
import { custom } from './custom';
import { fill } from './fill';
import { flattenIndices, lastPlaces } from './flatten-indices';
import { fromPixels } from './from-pixels';
import { gather } from './gather';
import { paint } from './paint';
import {
  localResponseNormalization,
  localResponseNormalizationGradient,
} from './local-response-normalization';
import { matMul } from './mat-mul';
import { maxPoolGradient } from './max-pool-gradient';
import { maxPoolIndices } from './max-pool-indices';
import { mirrorPadGradient } from './mirror-pad-gradient';
import { oneHot } from './one-hot';
import { pad } from './pad';
import { pool } from './pool';
import { ramp } from './ramp';
import { random } from './random';
import { recurrence } from './recurrence';
import { reduce } from './reduce';
import { resize, resizeGradient } from './resize';
import { scan } from './scan';
import { scatterAdd } from './scatter-add';
import { searchSorted } from './search-sorted';
import { select } from './select';
import { slice } from './slice';
import { softmax } from './softmax';
import { softmaxGradient } from './softmax-gradient';
import { tile } from './tile';
import { topK } from './top-k';
import { transpose } from './transpose';
import { unary } from './unary';
import { update } from './update';
import { warp, warpGradient } from './warp';

export const webglKernels: KernelTable<WebGLBackend> = {
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
