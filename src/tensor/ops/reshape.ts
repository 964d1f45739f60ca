import { isIntegers, wrongArgument } from '../argument';
import { dispatchOne, view } from '../dispatch';
import type { ToShape } from '../of-shape';
import type { Rank, RankAbove, RankBelow } from '../rank';
import { assertShape, inferReshape, isRepeatable, normalizeAxes, normalizeAxis, sizeOf } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { op } from '../op';
import type { KeepsRank } from './keeps-rank';

const toInputShape: GradientRule<undefined> = {
  gradients: ({ dy, inputShape }) => [() => reshape(dy, inputShape(0) as number[])],
};

/**
 * Gives x another shape of the same size, without copying its values. One extent may be −1: it is computed from the others.
 *
 * @throws when the sizes differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.reshape([1, 2, 3, 4], [2, -1]).print(); // [[1, 2], [3, 4]]
 * ```
 */
export const reshape = op('reshape', function reshape(x: TensorInput, shape: readonly number[]): Tensor {
  const value = asTensor('reshape', 'x', x);
  if (!Array.isArray(shape)) throw wrongArgument('reshape', 'shape', shape, 'an array of integers');
  return view('reshape', value, inferReshape('reshape', shape, sizeOf(value.shape)), toInputShape);
}) as ToShape;

/** The type of {@link expandDims}. */
export interface ExpandDimsOp {
  /** Of a tensor of known rank: it has an axis more. */
  <R extends Rank, T extends Tensor = Tensor<RankAbove<R>>>(x: Tensor<R>, axis?: number): T;
  /** Names the type of the result, as in `expandDims<Tensor2D>(x)`. */
  <T extends Tensor = Tensor>(x: TensorInput, axis?: number): T;
  /** Names the rank of the result, as in `expandDims<Rank.R2>(x)`. */
  <R extends Rank = Rank>(x: TensorInput, axis?: number): Tensor<R>;
}

/** The type of {@link squeeze}. */
export interface SqueezeOp {
  /** One axis of a tensor of known rank: it is removed. */
  <R extends Rank, T extends Tensor = Tensor<RankBelow<R>>>(
    x: Tensor<R>,
    axis: number | readonly [number],
  ): T;
  /** Names the type of the result, as in `squeeze<Tensor2D>(x)`. */
  <T extends Tensor = Tensor>(x: TensorInput, axis?: number | number[]): T;
  /** Names the rank of the result, as in `squeeze<Rank.R2>(x)`. */
  <R extends Rank = Rank>(x: TensorInput, axis?: number | number[]): Tensor<R>;
}

/**
 * Inserts an axis of extent 1 before `axis`, without copying values.
 *
 * @param axis 0 by default; −1 appends the axis at the end
 * @throws when there is no such axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * console.log(dl.expandDims([1, 2], 1).shape); // [2, 1]
 * ```
 */
export const expandDims = op('expandDims', function expandDims(x: TensorInput, axis = 0): Tensor {
  const value = asTensor('expandDims', 'x', x);
  const shape: number[] = [...value.shape];
  shape.splice(normalizeAxis('expandDims', axis, value.rank + 1), 0, 1);
  return view('expandDims', value, shape, toInputShape);
}) as ExpandDimsOp;

/**
 * Removes all axes of extent 1, or those given, without copying values.
 *
 * @throws when a given axis has another extent
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => console.log(dl.ones([1, 2, 1]).squeeze().shape)); // [2]
 * ```
 */
export const squeeze = op(
  'squeeze',
  function squeeze(x: TensorInput, axis?: number | number[] | null): Tensor {
    const value = asTensor('squeeze', 'x', x);
    const axes = axis === undefined || axis === null ? null : normalizeAxes('squeeze', axis, value.rank);
    axes?.forEach((each) => {
      if (value.shape[each] !== 1) {
        throw new Error(
          `squeeze: argument 'axis' names axis ${each}, of extent ${value.shape[each]}; wanted extent 1`,
        );
      }
    });
    const shape = value.shape.filter((extent: number, i: number) =>
      axes ? !axes.includes(i) : extent !== 1,
    );
    return view('squeeze', value, shape, toInputShape);
  },
) as SqueezeOp;

/**
 * Repeats x along its axes of extent 1, and along new leading axes, so that it has the given shape.
 *
 * @throws when x cannot be broadcast to the shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.broadcastTo([1, 2], [2, 2]).print(); // [1, 2], [1, 2]
 * ```
 */
export const broadcastTo = op(
  'broadcastTo',
  function broadcastTo(x: TensorInput, shape: readonly number[]): Tensor {
    const value = asTensor('broadcastTo', 'x', x);
    assertShape('broadcastTo', shape);
    const lead = shape.length - value.rank;
    if (!isRepeatable(value.shape, shape)) {
      throw new Error(
        `broadcastTo: argument 'shape' is [${shape.join(',')}]; wanted one that 'x', of shape [${value.shape.join(',')}], can be broadcast to`,
      );
    }
    const aligned = reshape(value, [...new Array<number>(lead).fill(1), ...value.shape]);
    return tileTo(aligned, shape);
  },
) as ToShape;

/**
 * Repeats x as a whole along each axis.
 *
 * @param reps the number of repetitions, one for each axis
 * @throws unless there is a non-negative integer for each axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tile([1, 2], [2]).print(); // 1, 2, 1, 2
 * ```
 */
export const tile = op('tile', function tile<T extends Tensor>(x: T | TensorInput, reps: number[]): T {
  const value = asTensor('tile', 'x', x);
  if (!isIntegers(reps, 0, value.rank)) {
    throw wrongArgument('tile', 'reps', reps, `${value.rank} non-negative integers, one for each axis`);
  }
  return tileTo(
    value,
    value.shape.map((extent: number, i: number) => extent * reps[i]!),
  ) as T;
}) as KeepsRank<Tensor, [reps: number[]]>;

/** Reshaped to [r₀, n₀, r₁, n₁, …], with rᵢ repetitions of extent nᵢ, the gradient is the sum of dy over the axes rᵢ. */
const tileGradient: GradientRule<Record<never, never>> = {
  gradients: ({ dy, inputShape }) => [
    () => {
      const folded: number[] = [];
      const repeats: number[] = [];
      dy.shape.forEach((extent: number, axis: number) => {
        const own = inputShape(0)[axis]!;
        repeats.push(folded.length);
        folded.push(own === 0 ? 0 : extent / own, own);
      });
      return dy.reshape(folded).sum(repeats);
    },
  ],
};

function tileTo(x: Tensor, shape: readonly number[]): Tensor {
  return dispatchOne('tile', 'tile', [x], shape, x.dtype, {}, tileGradient);
}
