/**
 * Types that an op shares with the tensor method of the same name. Neither this file nor those that declare the methods import an op, so that
 * the type of a tensor does not depend on the ops.
 */
import type { Scalar, Tensor, Tensor1D } from '../tensor';

/** The order of the axes of images: [batch, height, width, channels] or [batch, channels, height, width]. */
export type DataFormat = 'NHWC' | 'NCHW';

/** The order of a norm: the p of a p-norm, or 'euclidean' or 'fro' (Frobenius) for the root of the sum of squares. */
export type NormOrder = number | 'euclidean' | 'fro';

/** The order of the axes of a grid: 'xy' is [y, x], as for images; 'ij' is [x, y], as for matrices. */
export type Indexing = 'xy' | 'ij';

/** How weighted losses of single elements are reduced. */
export enum Reduction {
  /** No reduction: the result has one loss for each element. */
  NONE,
  /** The weighted mean: the weighted sum divided by the sum of the weights; 0 if that is 0. */
  MEAN,
  /** The weighted sum. */
  SUM,
  /** The weighted sum divided by the number of weights that are not 0; 0 if all are 0. The default. */
  SUM_BY_NONZERO_WEIGHTS,
}

/** The boxes that non-maximum suppression chose, and their scores. */
export interface ScoredSelection {
  /** The indices of the chosen boxes, best first; int32. */
  selectedIndices: Tensor1D;
  /** The score of each chosen box; float32. */
  selectedScores: Tensor1D;
}

/** The boxes that non-maximum suppression chose, and their number. */
export interface PaddedSelection {
  /** The indices of the chosen boxes, best first, then zeros if padded; int32. */
  selectedIndices: Tensor1D;
  /** The number of chosen boxes; int32. */
  validOutputs: Scalar;
}

/** A loss: a scalar, unless the reduction is `NONE`. */
export interface LossOf<Given extends readonly unknown[]> {
  /** The losses are reduced to one number. */
  (...given: [...Given, reduction?: Exclude<Reduction, Reduction.NONE>]): Scalar;
  /** The reduction may be `NONE`. */
  (...given: [...Given, reduction?: Reduction]): Tensor;
}

/** A norm: a scalar, unless it is that of some axes. */
export interface NormOf<Given extends readonly unknown[]> {
  /** All elements as one vector. */
  (...given: [...Given, axis?: null, keepDims?: false]): Scalar;
  /** Along one axis or two. */
  (...given: [...Given, axis?: number | number[] | null, keepDims?: boolean]): Tensor;
}
