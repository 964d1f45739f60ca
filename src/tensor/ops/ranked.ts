/** Variants of ops that accept one rank only. */
import { op } from '../op';
import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { asTensors, joined } from './concat';
import { padded } from './pad';
import { reversed, sliced } from './slice';

type Pair = readonly [number, number];
type Many<T, N extends number> = N extends 2 ? [T, T] : N extends 3 ? [T, T, T] : [T, T, T, T];

function ranked<A extends unknown[], T extends Tensor>(
  name: string,
  rank: number,
  f: (name: string, x: Tensor, ...rest: A) => Tensor,
): (x: T | TensorInput, ...rest: A) => T {
  return op(name, (x: T | TensorInput, ...rest: A): T => f(name, asRank(name, 'x', x, rank), ...rest) as T);
}

type ConcatOp<T extends Tensor> = (tensors: readonly (T | TensorInput)[], axis?: number) => T;

function concatOf<T extends Tensor>(name: string, rank: number): ConcatOp<T> {
  return op(
    name,
    (tensors: readonly (T | TensorInput)[], axis = 0): T =>
      joined(name, asTensors(name, tensors, rank), axis) as T,
  );
}

type SliceOp<T extends Tensor, N extends number> = (
  x: T | TensorInput,
  begin: Many<number, N>,
  size?: Many<number, N>,
) => T;
type PadOp<T extends Tensor, N extends number> = (
  x: T | TensorInput,
  paddings: Many<Pair, N>,
  constantValue?: number,
) => T;
type ReverseOp<T extends Tensor> = (x: T | TensorInput, axis?: number | number[]) => T;

/**
 * {@link slice} for x of rank 1.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.slice1d([1, 2, 3, 4], 1, 2).print()); // 2, 3
 * ```
 */
export const slice1d: (x: Tensor1D | TensorInput, begin: number, size?: number) => Tensor1D = ranked(
  'slice1d',
  1,
  sliced,
);
/**
 * {@link slice} for x of rank 2.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.slice2d([[1, 2], [3, 4]], [0, 1], [2, 1]).print()); // [2], [4]
 * ```
 */
export const slice2d: SliceOp<Tensor2D, 2> = ranked('slice2d', 2, sliced);
/**
 * {@link slice} for x of rank 3.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.slice3d(dl.tensor3d([1, 2], [1, 2, 1]), [0, 1, 0], [1, 1, 1]).flatten().print()); // 2
 * ```
 */
export const slice3d: SliceOp<Tensor3D, 3> = ranked('slice3d', 3, sliced);
/**
 * {@link slice} for x of rank 4.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.slice4d(dl.tensor4d([1, 2], [1, 1, 2, 1]), [0, 0, 1, 0], [1, 1, 1, 1]).flatten().print()); // 2
 * ```
 */
export const slice4d: SliceOp<Tensor4D, 4> = ranked('slice4d', 4, sliced);

/**
 * {@link pad} for x of rank 1, with `paddings` [before, after].
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.pad1d([1, 2], [1, 1]).print()); // 0, 1, 2, 0
 * ```
 */
export const pad1d: (x: Tensor1D | TensorInput, paddings: Pair, constantValue?: number) => Tensor1D = ranked(
  'pad1d',
  1,
  (name: string, x: Tensor, paddings: Pair, value?: number) => padded(name, x, [paddings], value),
);
/**
 * {@link pad} for x of rank 2.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.pad2d([[1]], [[0, 1], [0, 0]]).print()); // [1], [0]
 * ```
 */
export const pad2d: PadOp<Tensor2D, 2> = ranked('pad2d', 2, padded);
/**
 * {@link pad} for x of rank 3.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.pad3d(dl.ones([1, 1, 1]), [[0, 0], [0, 0], [1, 0]]).flatten().print()); // 0, 1
 * ```
 */
export const pad3d: PadOp<Tensor3D, 3> = ranked('pad3d', 3, padded);
/**
 * {@link pad} for x of rank 4.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.pad4d(dl.ones([1, 1, 1, 1]), [[0, 0], [0, 0], [0, 0], [1, 0]]).flatten().print()); // 0, 1
 * ```
 */
export const pad4d: PadOp<Tensor4D, 4> = ranked('pad4d', 4, padded);

/**
 * {@link reverse} for x of rank 1.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.reverse1d([1, 2, 3]).print()); // 3, 2, 1
 * ```
 */
export const reverse1d: (x: Tensor1D | TensorInput) => Tensor1D = ranked(
  'reverse1d',
  1,
  (name: string, x: Tensor) => reversed(name, x),
);
/**
 * {@link reverse} for x of rank 2.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.reverse2d([[1, 2], [3, 4]], 1).print()); // [2, 1], [4, 3]
 * ```
 */
export const reverse2d: ReverseOp<Tensor2D> = ranked('reverse2d', 2, reversed);
/**
 * {@link reverse} for x of rank 3.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.reverse3d(dl.tensor3d([1, 2], [1, 2, 1]), 1).flatten().print()); // 2, 1
 * ```
 */
export const reverse3d: ReverseOp<Tensor3D> = ranked('reverse3d', 3, reversed);
/**
 * {@link reverse} for x of rank 4.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.reverse4d(dl.tensor4d([1, 2], [1, 1, 2, 1]), 2).flatten().print()); // 2, 1
 * ```
 */
export const reverse4d: ReverseOp<Tensor4D> = ranked('reverse4d', 4, reversed);

const vectors = concatOf<Tensor1D>('concat1d', 1);
/**
 * {@link concat} for tensors of rank 1.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.concat1d([[1, 2], [3]]).print()); // 1, 2, 3
 * ```
 */
export function concat1d(tensors: readonly (Tensor1D | TensorInput)[]): Tensor1D {
  return vectors(tensors);
}
/**
 * {@link concat} for tensors of rank 2.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.concat2d([[[1]], [[2]]], 1).print()); // [1, 2]
 * ```
 */
export const concat2d = concatOf<Tensor2D>('concat2d', 2);
/**
 * {@link concat} for tensors of rank 3.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.concat3d([dl.ones([1, 1, 1]), dl.zeros([1, 1, 1])], 0).flatten().print()); // 1, 0
 * ```
 */
export const concat3d = concatOf<Tensor3D>('concat3d', 3);
/**
 * {@link concat} for tensors of rank 4.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.concat4d([dl.ones([1, 1, 1, 1]), dl.zeros([1, 1, 1, 1])], 0).flatten().print()); // 1, 0
 * ```
 */
export const concat4d = concatOf<Tensor4D>('concat4d', 4);
