import { assertInteger } from '../../tensor/argument';
import { op } from '../../tensor/op';
import { greaterEqual, lessEqual, range, reshape, sub, where, zerosLike } from '../../tensor/ops';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';

function triangle(
  name: string,
  isKept: typeof lessEqual,
): (x: TensorInput, diagonal?: number | null) => Tensor {
  return op(name, (x: TensorInput, diagonal: number | null = 0): Tensor => {
    const value = asTensor(name, 'x', x);
    const [rows, columns] = value.shape.slice(-2);
    if (rows === undefined || columns === undefined)
      throw new Error(
        `${name}: argument 'x' has shape ${formatShape(value.shape)}; wanted matrices over the last two axes`,
      );
    assertInteger(name, 'diagonal', diagonal, -Infinity);
    // A diagonal outside of the matrix means all or nothing, also where the number would leave int32.
    const number = Math.max(-rows, Math.min(diagonal, columns));
    const right = sub(range(0, columns, 1, 'int32'), reshape(range(0, rows, 1, 'int32'), [rows, 1]));
    return where(isKept(right, asTensor(name, 'diagonal', number, 'int32')), value, zerosLike(value));
  });
}

/**
 * The lower triangles of matrices, as NumPy's `tril`: what lies above a diagonal becomes 0. The result has x's shape and dtype.
 *
 * @param x [..., rows, columns]
 * @param diagonal the last diagonal that is kept: 0, the default, is the main one, positive ones lie above it
 * @throws unless x has two axes or more and the diagonal is an integer
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { tril } from 'rxtensor/ops';
 * dl.tidy(() => tril([[1, 2], [3, 4]]).print()); // [[1, 0], [3, 4]]
 * ```
 */
export const tril = triangle('tril', lessEqual);

/**
 * The upper triangles of matrices, as NumPy's `triu`: what lies below a diagonal becomes 0. See {@link tril}.
 *
 * @param diagonal the first diagonal that is kept
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { triu } from 'rxtensor/ops';
 * dl.tidy(() => triu([[1, 2], [3, 4]], 1).print()); // [[0, 2], [0, 0]]
 * ```
 */
export const triu = triangle('triu', greaterEqual);
