export { addN } from './add-n';
export * from './arithmetic';
export { atan2 } from './atan2';
export {
  batchNorm,
  batchNorm2d,
  batchNorm3d,
  batchNorm4d,
  batchNormalization,
  batchNormalization2d,
  batchNormalization3d,
  batchNormalization4d,
} from './batch-norm';
export { bincount, confusionMatrix, denseBincount, unsortedSegmentSum } from './bincount';
export { ensureShape, meshgrid } from './broadcasting';
/** The group `browser`: turns pixels of images, canvases and videos into tensors, and tensors into pixels. */
export * as browser from './browser';
export { cast, clone } from './cast';
export { concat } from './concat';
export { conv1d } from './conv1d';
export { conv2d, conv2dTranspose } from './conv2d';
export * from './creation';
export { cumprod, cumsum } from './cumulative';
export type { DataFormat, NormOrder } from './method-types';
export { depthwiseConv2d, separableConv2d } from './depthwise-conv2d';
export { dropout } from './dropout';
export { einsum } from './einsum';
/** The group `fused`: matrix products and convolutions that apply a bias and an activation in the same kernel. */
export * as fused from './fused';
export { gather } from './gather';
export { gatherND, scatterND, tensorScatterUpdate } from './gather-nd';
export * from './host';
/** The group `image`: resizes, crops, rotates and recolours images, and chooses among overlapping boxes. */
export * as image from './image';
/** The group `linalg`: linear algebra beyond matrix products. */
export * as linalg from './linalg';
export { localResponseNormalization } from './local-response-normalization';
/** The group `losses`: losses of predictions, weighted and reduced. */
export * as losses from './losses';
export { Reduction } from './losses';
export { dot, matMul, matrixTimesVector, outerProduct, vectorTimesMatrix } from './mat-mul';
/** The group `math`: statistics of classifications, as in TensorFlow.js. */
export * as math from './math';
export { movingAverage } from './moving-average';
export { multinomial } from './multinomial';
export { euclideanNorm, norm } from './norm';
export { diag, eye, oneHot, type EyeOp } from './one-hot';
export { mirrorPad, pad } from './pad';
export { fromPixels, fromPixelsAsync, toPixels, type PixelData, type PixelSource } from './pixels';
export type { PixelOptions } from './pixel-options';
export { avgPool, maxPool, maxPoolWithArgmax, minPool, pool } from './pool';
export { pow, powStrict } from './pow';
export * from './random';
export { basicLSTMCell, multiRNNCell, type LSTMCellFunction } from './recurrent';
export * from './ranked';
export {
  all,
  any,
  argMax,
  argMin,
  logSumExp,
  max,
  mean,
  min,
  moments,
  prod,
  sum,
  type ArgReduceOp,
  type ReduceOp,
} from './reduction';
export * from './reshape';
export { linspace, range } from './sequences';
export { reverse, slice, split, stack, unstack } from './slice';
export { logSoftmax, softmax } from './softmax';
export { lowerBound, searchSorted, topk, upperBound } from './sorting';
export { batchToSpaceND, depthToSpace, spaceToBatchND } from './space-batch';
export { stridedSlice } from './strided-slice';
export { transpose } from './transpose';
export * from './unary';
export { where } from './where';
