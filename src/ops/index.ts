/**
 * More ops: convolutions and pools of volumes, segments, attention, and others that not every program needs.
 *
 * @module rxtensor/ops
 * @experimental
 */
export type { KeepsRank } from '../tensor/ops/keeps-rank';
export { attention, type AttentionOptions } from './attention/attention';
export { dilation2d, erosion2d } from './morphology/dilation2d';
export { unsortedSegmentMax, unsortedSegmentMean, unsortedSegmentMin } from './segments/segments';
export { tensorScatterMax, tensorScatterMin } from './segments/tensor-scatter';
export { conv3d, conv3dTranspose } from './volumes/conv3d';
export { avgPool3d, maxPool3d } from './volumes/pool3d';
export type { Triple, VolumeDataFormat, VolumePadding } from './volumes/window';
