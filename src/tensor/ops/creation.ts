import { assertFinite, assertInteger, assertNumber, isIntegers, wrongArgument } from '../argument';
import type { DataType } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { assertDataType } from '../dtype';
import type { Rank, ShapeMap } from '../rank';
import { assertShape } from '../shape';
import type { Tensor, Scalar, Tensor1D, Tensor2D, Tensor3D, Tensor4D, Tensor5D, Tensor6D } from '../tensor';
import {
  asRank,
  asTensor,
  inferDataType,
  makeTensor,
  type RecursiveArray,
  type TensorInput,
  type TensorLike,
  type TypedArrayLike,
} from '../tensor-like';
import { op, takingNull } from '../op';

/**
 * A tensor from a number, from nested arrays, or from flat values and a shape.
 *
 * @param values numbers or booleans, nested or flat, or a typed array
 * @param shape the shape of flat values; without it, that of the nesting
 * @param dtype float32 for numbers, int32 for integer arrays, bool for booleans, when left out
 * @throws when the values are ragged, or their number does not fit the shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tensor([1, 2, 3, 4], [2, 2]).print();
 * dl.tensor([[1, 2], [3, 4]]).print(); // the same
 * ```
 */
export function tensor<R extends Rank = Rank>(
  values: TensorLike,
  shape?: ShapeMap[R] | number[],
  dtype?: DataType,
): Tensor<R> {
  return create('tensor', values, shape, dtype) as Tensor<R>;
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

/** A tensor of one rank: flat values need a shape, nested ones have their own. */
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
  // As in the library whose API this is, flat values without a shape stay flat.
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
 * A tensor of rank 0.
 *
 * @throws unless the value is one number or boolean
 */
export function scalar(value: number | boolean, dtype?: DataType): Scalar {
  if (typeof value !== 'number' && typeof value !== 'boolean') {
    throw wrongArgument('scalar', 'value', value, 'a number or a boolean');
  }
  return create('scalar', value, undefined, dtype) as Scalar;
}

/** A tensor of rank 1. @throws when the values are nested */
export function tensor1d(values: TypedArrayLike | readonly (number | boolean)[], dtype?: DataType): Tensor1D {
  return createRank('tensor1d', 1, values, undefined, dtype) as Tensor1D;
}

/**
 * A tensor of rank 2, from nested arrays, or from flat values and a shape. Flat values without a shape stay flat: the
 * result is then of rank 1.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const a = dl.tensor2d([1, 2, 3, 10, 20, 30], [2, 3]);
 * const b = dl.tensor2d([[0, 2], [4, 6]]);
 * ```
 */
export function tensor2d(
  values: TypedArrayLike | RecursiveArray,
  shape?: readonly number[],
  dtype?: DataType,
): Tensor2D {
  return createRank('tensor2d', 2, values, shape, dtype) as Tensor2D;
}

/** A tensor of rank 3; see {@link tensor2d}. */
export function tensor3d(
  values: TypedArrayLike | RecursiveArray,
  shape?: readonly number[],
  dtype?: DataType,
): Tensor3D {
  return createRank('tensor3d', 3, values, shape, dtype) as Tensor3D;
}

/** A tensor of rank 4; see {@link tensor2d}. */
export function tensor4d(
  values: TypedArrayLike | RecursiveArray,
  shape?: readonly number[],
  dtype?: DataType,
): Tensor4D {
  return createRank('tensor4d', 4, values, shape, dtype) as Tensor4D;
}

/** A tensor of rank 5; see {@link tensor2d}. */
export function tensor5d(
  values: TypedArrayLike | RecursiveArray,
  shape?: readonly number[],
  dtype?: DataType,
): Tensor5D {
  return createRank('tensor5d', 5, values, shape, dtype) as Tensor5D;
}

/** A tensor of rank 6; see {@link tensor2d}. */
export function tensor6d(
  values: TypedArrayLike | RecursiveArray,
  shape?: readonly number[],
  dtype?: DataType,
): Tensor6D {
  return createRank('tensor6d', 6, values, shape, dtype) as Tensor6D;
}

/** A tensor whose elements are all one value. */
export function fill<R extends Rank = Rank>(
  shape: ShapeMap[R] | number[],
  value: number,
  dtype: DataType = 'float32',
): Tensor<R> {
  return filled('fill', shape, value, dtype) as Tensor<R>;
}

function filled(op: string, shape: readonly number[], value: number, given: DataType | null): Tensor {
  const dtype = given ?? 'float32';
  assertShape(op, shape);
  assertDataType(op, dtype);
  assertNumber(op, 'value', value);
  const lane = dtype === 'bool' ? (value ? 1 : 0) : value;
  return dispatchOne(op, 'fill', [], [...shape], dtype, { value: lane });
}

/** A tensor of zeros. */
export function zeros<R extends Rank = Rank>(
  shape: ShapeMap[R] | number[],
  dtype: DataType = 'float32',
): Tensor<R> {
  return filled('zeros', shape, 0, dtype) as Tensor<R>;
}

/** A tensor of ones. */
export function ones<R extends Rank = Rank>(
  shape: ShapeMap[R] | number[],
  dtype: DataType = 'float32',
): Tensor<R> {
  return filled('ones', shape, 1, dtype) as Tensor<R>;
}

/** Zeros of x's shape and dtype. */
export const zerosLike = op('zerosLike', function zerosLike<T extends Tensor>(x: T | TensorInput): T {
  const like = asTensor('zerosLike', 'x', x);
  return filled('zerosLike', like.shape, 0, like.dtype) as T;
});

/** Ones of x's shape and dtype. */
export const onesLike = op('onesLike', function onesLike<T extends Tensor>(x: T | TensorInput): T {
  const like = asTensor('onesLike', 'x', x);
  return filled('onesLike', like.shape, 1, like.dtype) as T;
});

/**
 * `num` numbers at equal distances from start to stop, both included and exact: no number lies beyond them.
 *
 * @throws unless num is a positive integer
 */
export function linspace(start: number, stop: number, num: number): Tensor1D {
  assertFinite('linspace', 'start', start);
  assertFinite('linspace', 'stop', stop);
  assertInteger('linspace', 'num', num, 1);
  const step = num === 1 ? 0 : (stop - start) / (num - 1);
  return dispatchOne('linspace', 'ramp', [], [num], 'float32', { start, step, last: stop }) as Tensor1D;
}

/**
 * The numbers start, start + step, … before stop: ⌈(stop − start) / step⌉ of them, so that a fraction for a step, whose quotient
 * rounds, may bring stop itself, as in NumPy; {@link linspace} counts instead.
 * Element i is start + i·step; of int32 its whole part, of bool whether it is not 0.
 *
 * @param step 1, or −1 where stop < start, when left out
 * @throws when step is 0
 */
export const range = takingNull(function range(
  start: number,
  stop: number,
  step?: number | null,
  dtype: DataType = 'float32',
): Tensor1D {
  assertFinite('range', 'start', start);
  assertFinite('range', 'stop', stop);
  const by = step ?? (stop < start ? -1 : 1);
  if (by === 0 || !Number.isFinite(by))
    throw wrongArgument('range', 'step', by, 'a finite number other than 0');
  assertDataType('range', dtype);
  const count = Math.max(0, Math.ceil((stop - start) / by));
  // The kernel counts in the dtype, in which a step may be no number at all.
  if (dtype === 'float32' || (dtype === 'int32' && Number.isInteger(start) && Number.isInteger(by))) {
    return dispatchOne('range', 'ramp', [], [count], dtype, { start, step: by }) as Tensor1D;
  }
  const values = Array.from({ length: count }, (_, i) => start + i * by);
  return makeTensor('range', values, [count], dtype) as Tensor1D;
});

/**
 * A vector with `onValue` at each index along a new last axis, `offValue` elsewhere (everywhere for an index outside of [0, depth)).
 *
 * @throws unless the indices are int32 and the depth at least 1
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.oneHot(dl.tensor1d([0, 2], 'int32'), 3).print(); // [1, 0, 0], [0, 0, 1]
 * ```
 */
export const oneHot = op(
  'oneHot',
  function oneHot(
    indices: TensorInput,
    depth: number,
    onValue = 1,
    offValue = 0,
    dtype: DataType = 'int32',
  ): Tensor {
    assertInteger('oneHot', 'depth', depth, 1);
    assertNumber('oneHot', 'onValue', onValue);
    assertNumber('oneHot', 'offValue', offValue);
    assertDataType('oneHot', dtype);
    const at = asTensor('oneHot', 'indices', indices, 'int32');
    if (at.dtype !== 'int32') throw new Error(`oneHot: argument 'indices' is ${at.dtype}; wanted int32`);
    return dispatchOne('oneHot', 'oneHot', [at], [...at.shape, depth], dtype, {
      depth,
      on: onValue,
      off: offValue,
    });
  },
);

/** What {@link eye} makes: a matrix, or a batch of them. */
export interface EyeOp {
  /** One matrix of shape [numRows, numColumns]; square when `numColumns` is left out. */
  (numRows: number, numColumns?: number, batchShape?: undefined, dtype?: DataType): Tensor2D;
  /** A matrix for each index of `batchShape`: a tensor of shape [...batchShape, numRows, numColumns]. */
  (numRows: number, numColumns?: number, batchShape?: readonly number[], dtype?: DataType): Tensor;
}

/** The identity matrix, for each index of `batchShape`. */
export const eye = op(
  'eye',
  function eye(
    numRows: number,
    numColumns = numRows,
    batchShape: readonly number[] = [],
    dtype: DataType = 'float32',
  ): Tensor {
    assertInteger('eye', 'numRows', numRows, 0);
    assertInteger('eye', 'numColumns', numColumns, 0);
    assertShape('eye', batchShape, 'batchShape');
    assertDataType('eye', dtype);
    if (numColumns === 0) return zeros([...batchShape, numRows, 0], dtype);
    const matrix = oneHot(range(0, numRows, 1, 'int32'), numColumns, 1, 0, dtype);
    return batchShape.length === 0 ? matrix : matrix.broadcastTo([...batchShape, numRows, numColumns]);
  },
) as EyeOp;

/** x on the diagonal of a tensor of twice its rank. @throws for a scalar */
export const diag = op('diag', function diag(x: TensorInput): Tensor {
  const value = asRank('diag', 'x', x, [1, 2, 3, 4, 5, 6]);
  const identity = eye(value.size, value.size, undefined, value.dtype === 'bool' ? 'int32' : value.dtype);
  return identity
    .mul(value.reshape([value.size, 1]))
    .reshape([...value.shape, ...value.shape])
    .asType(value.dtype);
});

/** Writes the values to the console. Blocks. @param verbose also tells dtype, rank and shape */
export const print = op('print', function print(x: TensorInput, verbose = false): void {
  asTensor('print', 'x', x).print(verbose);
});
