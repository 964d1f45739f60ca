import { isIntegers, wrongArgument } from '../argument';
import { dispatchOne, view } from '../dispatch';
import type { Rank } from '../rank';
import { type ShapeMap } from '../rank';
import { assertShape, inferReshape, isRepeatable, normalizeAxes, normalizeAxis, sizeOf } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { op } from '../op';

const toInputShape: GradientRule<undefined> = {
  gradients: ({ dy, inputShape }) => [() => reshape(dy, inputShape(0) as number[])],
};

/**
 * The same values in another shape; costs nothing. One extent may be −1: it follows from the others.
 *
 * @throws when the sizes differ
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.reshape([1, 2, 3, 4], [2, -1]).print(); // [[1, 2], [3, 4]]
 * ```
 */
export const reshape = op('reshape', function reshape<
  R extends Rank = Rank,
>(x: TensorInput, shape: ShapeMap[R] | number[]): Tensor<R> {
  const value = asTensor('reshape', 'x', x);
  if (!Array.isArray(shape)) throw wrongArgument('reshape', 'shape', shape, 'an array of integers');
  return view(
    'reshape',
    value,
    inferReshape('reshape', shape, sizeOf(value.shape)),
    toInputShape,
  ) as Tensor<R>;
});

/** An op whose result has another rank: named by itself, or by the type of the tensor. */
export interface OfAnotherRank<Axis> {
  /** With the type of the result, as in `squeeze<Tensor2D>(x)`. */
  <T extends Tensor = Tensor>(x: TensorInput, axis?: Axis): T;
  /** With the rank of the result, as in `squeeze<Rank.R2>(x)`. */
  <R extends Rank = Rank>(x: TensorInput, axis?: Axis): Tensor<R>;
}

/** An axis of extent 1 put in before `axis` (0 by default; −1 is the end). */
export const expandDims = op('expandDims', function expandDims(x: TensorInput, axis = 0): Tensor {
  const value = asTensor('expandDims', 'x', x);
  const shape: number[] = [...value.shape];
  shape.splice(normalizeAxis('expandDims', axis, value.rank + 1), 0, 1);
  return view('expandDims', value, shape, toInputShape);
}) as OfAnotherRank<number>;

/** Without its axes of extent 1, or without those given. @throws when one of those is not of extent 1 */
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
) as OfAnotherRank<number | number[]>;

/** x repeated to a shape, by the rule of broadcasting. @throws when it does not fit */
export const broadcastTo = op('broadcastTo', function broadcastTo<
  R extends Rank = Rank,
>(x: TensorInput, shape: ShapeMap[R] | number[]): Tensor<R> {
  const value = asTensor('broadcastTo', 'x', x);
  assertShape('broadcastTo', shape);
  const lead = shape.length - value.rank;
  if (!isRepeatable(value.shape, shape)) {
    throw new Error(
      `broadcastTo: argument 'shape' is [${shape.join(',')}]; wanted one that 'x', of shape [${value.shape.join(',')}], can be repeated to`,
    );
  }
  const aligned = reshape(value, [...new Array<number>(lead).fill(1), ...value.shape]);
  return tileTo(aligned, shape) as Tensor<R>;
});

/** x repeated a number of times along each axis. */
export const tile = op('tile', function tile<T extends Tensor>(x: T | TensorInput, reps: number[]): T {
  const value = asTensor('tile', 'x', x);
  if (!isIntegers(reps, 0, value.rank)) {
    throw wrongArgument('tile', 'reps', reps, `${value.rank} non-negative integers, one for each axis`);
  }
  return tileTo(
    value,
    value.shape.map((extent: number, i: number) => extent * reps[i]!),
  ) as T;
});

/** The repeats lie on axes of their own in [r₀, n₀, r₁, n₁, …]: the gradient is the sum over those. */
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
