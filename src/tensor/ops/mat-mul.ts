import { sizeOf, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { promote, sumType } from '../dtype';
import { lazy } from '../lazy';
import { op } from '../op';
import { broadcastShape, formatShape } from '../shape';
import type { GradientRule } from '../tape';
import type { Tensor, Tensor1D, Tensor2D } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { castTo } from './cast';
import { gradientBeforeActivation, plain, type Finish } from './fusion';
import { broadcastTo, reshape } from './reshape';
import { sum } from './reduction';

type MatMulAttributes = KernelAttributes['matMul'];

/** The gradients of a matrix product are products of dy with the other operand. Transpositions are flags of the kernel, so nothing is copied. */
const matMulGradient: GradientRule<MatMulAttributes> = {
  inputs: [0, 1],
  gradients: (c) => {
    const { transposeA, transposeB } = c.attributes;
    const dy = lazy(() => gradientBeforeActivation(c));
    return [
      () =>
        unrepeat(
          transposeA
            ? product(c.input(1), dy(), transposeB, true)
            : product(dy(), c.input(1), false, !transposeB),
          c.inputShape(0),
        ),
      () =>
        unrepeat(
          transposeB
            ? product(dy(), c.input(0), true, transposeA)
            : product(c.input(0), dy(), !transposeA, false),
          c.inputShape(1),
        ),
      () => sum(dy(), [0, 1]),
    ];
  },
};

const activatedGradient: GradientRule<MatMulAttributes> = { ...matMulGradient, outputs: [0] };

/** Sums a gradient over the batch if its operand was broadcast over it. */
function unrepeat(gradient: Tensor, shape: readonly number[]): Tensor {
  return shape[0] === gradient.shape[0] ? gradient : sum(gradient, 0, true);
}

/** The kernel call: the product of two tensors [batch or 1, rows, columns]. */
function product(
  a: Tensor,
  b: Tensor,
  transposeA: boolean,
  transposeB: boolean,
  { bias, activation, alpha } = plain.fusion,
): Tensor {
  const [batchA, rowsA, columnsA] = a.shape as [number, number, number];
  const [batchB, rowsB, columnsB] = b.shape as [number, number, number];
  const shape = [Math.max(batchA, batchB), transposeA ? columnsA : rowsA, transposeB ? rowsB : columnsB];
  if (batchA === 0 || batchB === 0) shape[0] = 0;
  const inputs = bias ? [a, b, bias] : [a, b];
  const rule = activation === 'linear' ? matMulGradient : activatedGradient;
  const attributes = { transposeA, transposeB, activation, alpha };
  return dispatchOne('matMul', 'matMul', inputs, shape, a.dtype, attributes, rule);
}

/** Reshapes [...batch, m, n] to [batch, m, n]. A batch of 1 is left to the kernel to broadcast; any other is repeated to the common batch. */
function asBatches(x: Tensor, batch: readonly number[]): Tensor {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  const own = x.shape.slice(0, -2);
  const size = sizeOf(own);
  if (size === 1 || size === sizeOf(batch)) return reshape(x, [size, rows, columns]);
  return reshape(broadcastTo(x, [...batch, rows, columns]), [sizeOf(batch), rows, columns]);
}

/**
 * {@link matMul} for use inside ops. The result is int32 if both operands are int32 or bool and there is no `finish`, else float32.
 *
 * @param finish gives the bias and the activation to apply to a result of this shape
 * @param names the names of both arguments, for messages
 * @throws unless both have rank 2 or more and the inner extents are equal
 */
export function matrixProduct(
  name: string,
  a: TensorInput,
  b: TensorInput,
  transposeA: boolean,
  transposeB: boolean,
  finish?: (shape: readonly number[]) => Finish,
  names: readonly [string, string] = ['a', 'b'],
): Tensor {
  const operands = [
    asRank(name, names[0], a, [2, 3, 4, 5, 6]),
    asRank(name, names[1], b, [2, 3, 4, 5, 6]),
  ] as const;
  const dtype = finish ? 'float32' : sumType(promote(operands[0].dtype, operands[1].dtype));
  const [first, second] = [castTo(operands[0], dtype), castTo(operands[1], dtype)];
  const rows = first.shape.at(transposeA ? -1 : -2)!;
  const inner = first.shape.at(transposeA ? -2 : -1)!;
  const otherInner = second.shape.at(transposeB ? -1 : -2)!;
  const columns = second.shape.at(transposeB ? -2 : -1)!;
  if (inner !== otherInner) {
    throw new Error(
      `${name}: the inner extents of arguments '${names[0]}', ${formatShape(first.shape)}${transposeA ? ' transposed' : ''}, and ` +
        `'${names[1]}', ${formatShape(second.shape)}${transposeB ? ' transposed' : ''}, are ${inner} and ${otherInner}; wanted them equal`,
    );
  }
  const batch = broadcastShape(name, first.shape.slice(0, -2), second.shape.slice(0, -2), names);
  const shape = [...batch, rows, columns];
  const { fusion, then } = finish?.(shape) ?? plain;
  const result = product(asBatches(first, batch), asBatches(second, batch), transposeA, transposeB, fusion);
  return then(reshape(result, shape));
}

/**
 * The matrix product [..., m, k] · [..., k, n] → [..., m, n]. The axes before the last two are a batch, and are broadcast together. Two int32
 * tensors give an exact int32 product; otherwise it is float32.
 *
 * @param transposeA reads a as its transpose, without copying it
 * @param transposeB reads b as its transpose, without copying it
 * @throws unless both have rank 2 or more and the inner extents are equal
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.matMul([[1, 2]], [[3], [4]]).print(); // [[11]]
 * ```
 */
export const matMul = op('matMul', function matMul<
  T extends Tensor = Tensor,
>(a: T | TensorInput, b: T | TensorInput, transposeA = false, transposeB = false): T {
  return matrixProduct('matMul', a, b, transposeA, transposeB) as T;
});

/**
 * The product of vectors and matrices: vector · vector gives a scalar, matrix · vector and vector · matrix give a vector, matrix · matrix
 * gives a matrix.
 *
 * @throws unless both have rank 1 or 2 and the inner extents are equal
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.dot([1, 2], [3, 4]).print(); // 11
 * ```
 */
export const dot = op('dot', function dot(a: TensorInput, b: TensorInput): Tensor {
  const [first, second] = [asRank('dot', 'a', a, [1, 2]), asRank('dot', 'b', b, [1, 2])];
  return dotProduct('dot', first, second, ['a', 'b']);
});

/** {@link dot} of tensors. A vector counts as a row on the left, and as a column on the right. */
function dotProduct(name: string, a: Tensor, b: Tensor, names: readonly [string, string]): Tensor {
  const left = a.rank === 1 ? reshape(a, [1, -1]) : a;
  const right = b.rank === 1 ? reshape(b, [-1, 1]) : b;
  const result = matrixProduct(name, left, right, false, false, undefined, names);
  return reshape(result, [...a.shape.slice(0, -1), ...b.shape.slice(1)]);
}

/**
 * The outer product of two vectors [m] and [n]: a matrix [m, n] of aᵢ · bⱼ.
 *
 * @throws for another rank
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.outerProduct([1, 2], [3, 4]).print()); // [3, 4], [6, 8]
 * ```
 */
export const outerProduct = op(
  'outerProduct',
  function outerProduct(a: Tensor1D | TensorInput, b: Tensor1D | TensorInput): Tensor2D {
    const first = asRank('outerProduct', 'a', a, 1);
    const second = asRank('outerProduct', 'b', b, 1);
    return matMul(reshape(first, [-1, 1]), reshape(second, [1, -1]));
  },
);

/**
 * The product of a matrix [m, k] and a vector [k], a vector [m].
 *
 * @throws when a rank or an extent does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.matrixTimesVector([[1, 2], [3, 4]], [1, 1]).print()); // 3, 7
 * ```
 */
export const matrixTimesVector = op(
  'matrixTimesVector',
  function matrixTimesVector(matrix: TensorInput, v: TensorInput): Tensor1D {
    const name = 'matrixTimesVector';
    const [a, b] = [asRank(name, 'matrix', matrix, 2), asRank(name, 'v', v, 1)];
    return dotProduct(name, a, b, ['matrix', 'v']) as Tensor1D;
  },
);

/**
 * The product of a vector [k] and a matrix [k, n], a vector [n].
 *
 * @throws when a rank or an extent does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.vectorTimesMatrix([1, 1], [[1, 2], [3, 4]]).print()); // 4, 6
 * ```
 */
export const vectorTimesMatrix = op(
  'vectorTimesMatrix',
  function vectorTimesMatrix(v: TensorInput, matrix: TensorInput): Tensor1D {
    const name = 'vectorTimesMatrix';
    const [a, b] = [asRank(name, 'v', v, 1), asRank(name, 'matrix', matrix, 2)];
    return dotProduct(name, a, b, ['v', 'matrix']) as Tensor1D;
  },
);
