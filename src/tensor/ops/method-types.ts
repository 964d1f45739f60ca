/**
 * Types that an op and the method of its name share. No op is imported here, nor by the files that declare the methods: the type of a
 * tensor does not depend on the ops.
 */
import type { Scalar, Tensor1D } from '../tensor';

/** Whether the channels of an image come last or first (behind the batch). */
export type DataFormat = 'NHWC' | 'NCHW';

/** Which norm: the p of a p-norm, or the Euclidean (of a matrix: Frobenius) one. */
export type NormOrder = number | 'euclidean' | 'fro';

/** The order of the axes of a grid: `'xy'` is [rows, columns] of an image, `'ij'` that of a matrix. */
export type Indexing = 'xy' | 'ij';

/** How the losses of single elements become one. */
export enum Reduction {
  /** They do not: the result has an element for each. */
  NONE,
  /** Their weighted mean: divided by the sum of the weights; 0 where that is 0. */
  MEAN,
  /** Their weighted sum. */
  SUM,
  /** The sum divided by the number of weights that are not 0: the default. It is 0 where all are. */
  SUM_BY_NONZERO_WEIGHTS,
}

/** The boxes that non-maximum suppression chose, with their scores. */
export interface ScoredSelection {
  /** The numbers of the chosen boxes, best first; int32. */
  selectedIndices: Tensor1D;
  /** The score of each chosen box. */
  selectedScores: Tensor1D;
}

/** The boxes that non-maximum suppression chose, and how many of the entries count. */
export interface PaddedSelection {
  /** The numbers of the chosen boxes, best first, then zeros; int32. */
  selectedIndices: Tensor1D;
  /** How many boxes were chosen; int32. */
  validOutputs: Scalar;
}
