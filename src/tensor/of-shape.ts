/** The types of functions that are given a shape: the compiler knows the rank of the result where it knows the length of the shape. */
import type { Rank, RankOf, ShapeMap } from './rank';
import type { Tensor } from './tensor';
import type { TensorInput } from './tensor-like';

/** A function that makes a tensor of a shape. */
export interface OfShape<Rest extends readonly unknown[]> {
  /** The rank is the length of the shape, where that is known: `randomNormal([3, 4])` is a `Tensor2D`. */
  <const S extends readonly number[], R extends RankOf<S> = RankOf<S>>(shape: S, ...rest: Rest): Tensor<R>;
  /** Names the rank, as in `randomNormal<Rank.R2>(shape)`. */
  <R extends Rank = Rank>(shape: ShapeMap[R] | number[], ...rest: Rest): Tensor<R>;
}

/** An op that gives a tensor another shape. */
export interface ToShape {
  /** The rank is the length of the shape, where that is known: `reshape(x, [2, -1])` is a `Tensor2D`. */
  <const S extends readonly number[], R extends RankOf<S> = RankOf<S>>(x: TensorInput, shape: S): Tensor<R>;
  /** Names the rank, as in `reshape<Rank.R2>(x, shape)`. */
  <R extends Rank = Rank>(x: TensorInput, shape: ShapeMap[R] | number[]): Tensor<R>;
}
