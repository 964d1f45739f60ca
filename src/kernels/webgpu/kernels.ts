import type { PartialKernelTable } from '../kernel-table';
import type { WebGPUBackend } from './backend';
import { conv2d } from './conv2d';
import { conv2dFilterGradient, conv2dInputGradient } from './conv2d-gradients';
import { activationGradient, binary, cast, select, unary } from './elementwise';
import { fill, fromPixels, oneHot, ramp } from './fill';
import { fourier } from './fourier';
import { flattenIndices, gather, lastPlaces, scatterAdd, searchSorted } from './indexed';
import { matMul } from './mat-mul';
import { concat, mirrorPadGradient, pad, slice, tile, transpose } from './moves';
import {
  batchNorm,
  batchNormGradient,
  localResponseNormalization,
  localResponseNormalizationGradient,
} from './normalization';
import { paint } from './paint';
import { averagePoolGradient, maxPoolGradient, maxPoolIndices, pool } from './pool';
import { random } from './random';
import { argReduce, reduce } from './reduce';
import { resize, resizeGradient } from './resize';
import { recurrence, scan } from './scan';
import { segmentExtreme } from './segment-extreme';
import { crossEntropy, crossEntropyGradient, softmax, softmaxGradient } from './softmax';
import { topK } from './top-k';
import { update } from './update';
import { warp, warpGradient } from './warp';

/** All kernels but `custom`, whose source is GLSL of the program, and which may ask for values on the host at once. */
export const webgpuKernels: PartialKernelTable<WebGPUBackend> = {
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
  fill,
  flattenIndices,
  fourier,
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
  segmentExtreme,
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
