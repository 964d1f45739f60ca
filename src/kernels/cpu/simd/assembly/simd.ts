export { matMul, matMulScratch } from './matrix-product';
export { conv2d, conv2dScratch } from './conv2d';
export { conv2dFilterGradient, conv2dFilterGradientScratch } from './conv2d-filter-gradient';
export { conv2dInputGradient, conv2dInputGradientScratch } from './conv2d-input-gradient';
export {
  countNonZero, sparseFilterGradient, sparseFilterGradientScratch, sparseInputGradient, sparseInputGradientScratch,
} from './sparse-gradient';
export * from './elementwise/unary';
export * from './elementwise/binary';
export * from './elementwise/activation-gradient';
export { select } from './elementwise/select';
export * from './reduce';
export { reduce_mean, reduce_sum, reduceSumScratch } from './reduce-sum';
export * from './softmax';
export { crossEntropy, crossEntropyGradient } from './cross-entropy';
export { batchNorm, batchNormSums } from './batch-norm';
export { averagePool, maxPool } from './pool';
export { averagePoolGradient, maxPoolGradient, maxPoolIndices } from './pool-gradient';
export { transposePlanes } from './transpose';
export { copyRuns, fillRest, gather, padRuns } from './copy';
export { countHeavy, scatterAdd, scatterAddHeavy, scatterAddHeavyScratch } from './scatter-add';
export { depthwise } from './depthwise';
export { depthwiseFilterGradient, depthwiseFilterGradientScratch, depthwiseInputGradient } from './depthwise-gradient';
export * from './optimizer-update';
export { resize, resizeGradient } from './resize';
export { randomNormal, randomUniform } from './random';
