/** Tensors of ones at given indices: one-hot vectors, identity matrices, diagonals. */
import { assertInteger, assertNumber } from '../argument';
import type { DataType } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { assertDataType } from '../dtype';
import { op } from '../op';
import { assertShape } from '../shape';
import type { Tensor, Tensor1D, Tensor2D } from '../tensor';
import { asRank, asTensor, type TensorInput, type TypedArrayLike } from '../tensor-like';
import { zeros } from './creation';
import { range } from './sequences';

/** The form of {@link oneHot}. */
export interface OneHotOp {
  /** Of a vector: a matrix [n, depth]. */
  (
    indices: Tensor1D | TypedArrayLike | readonly number[],
    depth: number,
    onValue?: number,
    offValue?: number,
    dtype?: DataType,
  ): Tensor2D;
  /** Of indices of any rank: [...indices.shape, depth]. */
  (indices: TensorInput, depth: number, onValue?: number, offValue?: number, dtype?: DataType): Tensor;
}

/**
 * One-hot encoding: replaces each index by a vector of `depth` elements along a new last axis, with `onValue` at the index and `offValue`
 * elsewhere. An index outside [0, depth) gives `offValue` everywhere.
 *
 * @param indices int32, of any shape
 * @param depth the extent of the new axis
 * @param onValue 1 by default
 * @param offValue 0 by default
 * @param dtype of the result; int32 by default
 * @throws unless the indices are int32 and depth is a positive integer
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
) as OneHotOp;

/** The form of {@link eye}. */
export interface EyeOp {
  /** Makes one matrix [numRows, numColumns]; it is square when `numColumns` is left out. */
  (numRows: number, numColumns?: number, batchShape?: undefined, dtype?: DataType): Tensor2D;
  /** Makes a batch of matrices [...batchShape, numRows, numColumns]. */
  (numRows: number, numColumns?: number, batchShape?: readonly number[], dtype?: DataType): Tensor;
}

/**
 * Makes an identity matrix, or a batch of them: ones on the main diagonal, zeros elsewhere. float32 by default.
 *
 * @throws unless the extents are non-negative integers
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.eye(2).print(); // [1, 0], [0, 1]
 * ```
 */
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

/**
 * Puts the elements of x on the diagonal of a tensor of twice its rank, with zeros elsewhere: [n] gives [n, n], [m, n] gives [m, n, m, n].
 *
 * @throws when x is a scalar
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.diag([1, 2]).print(); // [1, 0], [0, 2]
 * ```
 */
export const diag = op('diag', function diag(x: TensorInput): Tensor {
  const value = asRank('diag', 'x', x, [1, 2, 3, 4, 5, 6]);
  const identity = eye(value.size, value.size, undefined, value.dtype === 'bool' ? 'int32' : value.dtype);
  return identity
    .mul(value.reshape([value.size, 1]))
    .reshape([...value.shape, ...value.shape])
    .asType(value.dtype);
});
