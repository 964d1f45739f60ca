import { assertNumber, isIntegers, wrongArgument } from '../argument';
import type { DataType } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { assertDataType } from '../dtype';
import type { Rank, RankOf, RankOfValues, ShapeMap } from '../rank';
import { assertShape } from '../shape';
import type { Tensor, Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D } from '../tensor';
import {
  asTensor,
  inferDataType,
  makeTensor,
  type RecursiveArray,
  type TensorInput,
  type TensorLike,
  type TypedArrayLike,
} from '../tensor-like';
import { op } from '../op';
import type { OfShape } from '../of-shape';
import type { KeepsRank } from './keeps-rank';

/**
 * Makes a tensor from a number, from nested arrays, or from flat values and a shape.
 *
 * @param values numbers or booleans, nested or flat, or a typed array
 * @param shape the shape of flat values; when left out, the nesting of the arrays gives it
 * @param dtype when left out: bool for booleans, int32 for typed arrays of integers, else float32
 * @throws when the nesting is irregular, or the number of values does not fit the shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tensor([1, 2, 3, 4], [2, 2]).print();
 * dl.tensor([[1, 2], [3, 4]]).print(); // the same
 * ```
 */
export function tensor<const S extends readonly number[], R extends RankOf<S> = RankOf<S>>(
  values: TensorLike,
  shape: S,
  dtype?: DataType,
): Tensor<R>;
export function tensor<V extends TensorLike, R extends RankOfValues<V> = RankOfValues<V>>(
  values: V,
  shape?: null,
  dtype?: DataType,
): Tensor<R>;
export function tensor<R extends Rank = Rank>(
  values: TensorLike,
  shape?: ShapeMap[R] | number[] | null,
  dtype?: DataType,
): Tensor<R>;
export function tensor(values: TensorLike, shape?: readonly number[] | null, dtype?: DataType): Tensor {
  return create('tensor', values, shape, dtype);
}

const isLeftOut = (value: unknown): value is null | undefined => value === undefined || value === null;

function create(
  op: string,
  values: TensorLike,
  shape: readonly number[] | null | undefined,
  dtype: DataType | null | undefined,
): Tensor {
  if (!isLeftOut(shape)) assertShape(op, shape);
  if (!isLeftOut(dtype)) assertDataType(op, dtype);
  return makeTensor(op, values, shape ?? undefined, dtype ?? inferDataType(values));
}

/** Makes a tensor of one rank, from nested values or from flat values and a shape. */
function createRank(
  op: string,
  rank: number,
  values: TensorLike,
  shape: readonly number[] | null | undefined,
  dtype: DataType | null | undefined,
): Tensor {
  if (!isLeftOut(shape) && !isIntegers(shape, 0, rank)) {
    throw wrongArgument(op, 'shape', shape, `${rank} non-negative integers`);
  }
  const result = create(op, values, shape, dtype);
  // As in TensorFlow.js, flat values without a shape make a vector.
  if (result.rank !== rank && !(isLeftOut(shape) && result.rank === 1)) {
    const found = result.rank;
    result.dispose();
    throw new Error(
      `${op}: argument 'values' is nested to rank ${found}; wanted rank ${rank}, or flat values`,
    );
  }
  return result;
}

/**
 * Makes a tensor of rank 0.
 *
 * @param dtype when left out: float32 for a number, bool for a boolean
 * @throws unless the value is a number or a boolean
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.scalar(3).print(); // 3
 * ```
 */
export function scalar(value: number | boolean, dtype?: DataType): Scalar {
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw wrongArgument('scalar', 'value', value, 'a number or a boolean');
  }
  return create('scalar', value, undefined, dtype) as Scalar;
}

/** Values without nesting. */
type Flat = TypedArrayLike | readonly (number | boolean)[];
/** Arrays of arrays, to any depth. */
type Nested = readonly (TypedArrayLike | RecursiveArray)[];

/**
 * Makes a tensor of rank 1 from flat values. See {@link tensor} for the dtype.
 *
 * @throws when the values are nested
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2, 3]).print()); // 1, 2, 3
 * ```
 */
export function tensor1d(values: Flat, dtype?: DataType): Tensor1D {
  return createRank('tensor1d', 1, values, undefined, dtype) as Tensor1D;
}

/** The form of `tensor2d` … `tensor6d`. */
export interface FromNested<T extends Tensor> {
  /** From nested arrays; a shape must agree with their nesting. */
  (values: Nested, shape?: readonly number[] | null, dtype?: DataType): T;
  /** From flat values and a shape. */
  (values: Flat, shape: readonly number[], dtype?: DataType): T;
  /** Flat values without a shape give a tensor of rank 1, as in TensorFlow.js. */
  (values: Flat, shape?: null, dtype?: DataType): Tensor1D;
}

const fromNested = <T extends Tensor>(rank: number): FromNested<T> =>
  ((values: TensorLike, shape?: readonly number[] | null, dtype?: DataType): Tensor =>
    createRank(`tensor${rank}d`, rank, values, shape, dtype)) as FromNested<T>;

/**
 * Makes a tensor of rank 2 from nested arrays, or from flat values and a shape. See {@link tensor} for the dtype. Flat values without a shape
 * give a tensor of rank 1, as in TensorFlow.js.
 *
 * @throws when the values have another rank, or their number does not fit the shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const a = dl.tensor2d([1, 2, 3, 10, 20, 30], [2, 3]);
 * const b = dl.tensor2d([[0, 2], [4, 6]]);
 * ```
 */
export const tensor2d = fromNested<Tensor2D>(2);
/**
 * Makes a tensor of rank 3, as {@link tensor2d} makes one of rank 2.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => console.log(dl.tensor3d([[[1], [2]]]).shape)); // [1, 2, 1]
 * ```
 */
export const tensor3d = fromNested<Tensor3D>(3);
/**
 * Makes a tensor of rank 4, as {@link tensor2d} makes one of rank 2.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => console.log(dl.tensor4d([1, 2], [1, 1, 2, 1]).shape)); // [1, 1, 2, 1]
 * ```
 */
export const tensor4d = fromNested<Tensor4D>(4);
/**
 * Makes a tensor of rank 5, as {@link tensor2d} makes one of rank 2.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => console.log(dl.tensor5d([1, 2], [1, 1, 1, 2, 1]).shape)); // [1, 1, 1, 2, 1]
 * ```
 */
export const tensor5d = fromNested<Tensor5D>(5);
/**
 * Makes a tensor of rank 6, as {@link tensor2d} makes one of rank 2.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => console.log(dl.tensor6d([1, 2], [1, 1, 1, 1, 2, 1]).shape)); // [1, 1, 1, 1, 2, 1]
 * ```
 */
export const tensor6d = fromNested<Tensor6D>(6);

/**
 * Makes a tensor whose elements all have one value.
 *
 * @param dtype float32 by default
 * @throws for an invalid shape, value or dtype
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.fill([2, 2], 7).print(); // [7, 7], [7, 7]
 * ```
 */
export const fill = ((shape: readonly number[], value: number, dtype: DataType | null = null): Tensor =>
  filled('fill', shape, value, dtype)) as OfShape<[value: number, dtype?: DataType]>;

function filled(op: string, shape: readonly number[], value: number, given: DataType | null): Tensor {
  const dtype = given ?? 'float32';
  assertShape(op, shape);
  assertDataType(op, dtype);
  assertNumber(op, 'value', value);
  const lane = dtype === 'bool' ? (value ? 1 : 0) : value;
  return dispatchOne(op, 'fill', [], [...shape], dtype, { value: lane });
}

/** `fill` with one value. */
const allOf =
  (name: string, value: number): OfShape<[dtype?: DataType]> =>
  (shape: readonly number[], dtype: DataType | null = null) =>
    filled(name, shape, value, dtype);

/**
 * Makes a tensor of zeros; float32 by default.
 *
 * @throws for an invalid shape or dtype
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.zeros([2, 2]).print()); // [0, 0], [0, 0]
 * ```
 */
export const zeros = allOf('zeros', 0);
/**
 * Makes a tensor of ones; float32 by default.
 *
 * @throws for an invalid shape or dtype
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.ones([2, 2]).print()); // [1, 1], [1, 1]
 * ```
 */
export const ones = allOf('ones', 1);

/**
 * Makes a tensor of zeros with x's shape and dtype.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([5, 6]).zerosLike().print()); // 0, 0
 * ```
 */
export const zerosLike = op('zerosLike', function zerosLike<T extends Tensor>(x: T | TensorInput): T {
  const like = asTensor('zerosLike', 'x', x);
  return filled('zerosLike', like.shape, 0, like.dtype) as T;
}) as KeepsRank<Tensor>;

/**
 * Makes a tensor of ones with x's shape and dtype.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([5, 6]).onesLike().print()); // 1, 1
 * ```
 */
export const onesLike = op('onesLike', function onesLike<T extends Tensor>(x: T | TensorInput): T {
  const like = asTensor('onesLike', 'x', x);
  return filled('onesLike', like.shape, 1, like.dtype) as T;
}) as KeepsRank<Tensor>;

/**
 * Prints the values to the console. It reads x from the device, and blocks until it is there.
 *
 * @param verbose also prints dtype, rank and shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.print(dl.tensor1d([1, 2])));
 * ```
 */
export const print = op('print', function print(x: TensorInput, verbose = false): void {
  asTensor('print', 'x', x).print(verbose);
});
