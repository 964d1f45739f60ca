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
export { cholesky } from './linear-algebra/cholesky';
export { determinant } from './linear-algebra/determinant';
export { inverse, solve, type SolveOptions } from './linear-algebra/inverse';
export { triangularSolve, type TriangularSolveOptions } from './linear-algebra/triangular-solve';
export { histogram, type Histogram, type HistogramOptions } from './arrays/histogram';
export { inTopK } from './arrays/in-top-k';
export { ravelIndex, sparseToDense, unravelIndex } from './arrays/indices';
export { cross, kron } from './arrays/products';
export { quantile, type QuantileMethod, type QuantileOptions } from './arrays/quantile';
export { roll } from './arrays/roll';
export { tril, triu } from './arrays/triangles';
export { eigh, type Eigenpairs } from './linear-algebra/eigh';
export { svd, type SingularValueDecomposition, type SvdOptions } from './linear-algebra/svd';
