import { op } from '../../tensor/op';
import { div, matMul, mul, reshape, sub } from '../../tensor/ops';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { cofactorsOf } from './factors/cofactors';
import { determinantOf, lowerUpper } from './factors/lower-upper';
import { asSquare } from './matrices';
import { onHost } from './on-host';

/** One number for each matrix, to be broadcast over its elements. */
const spread = (x: Tensor): Tensor => reshape(x, [...x.shape, 1, 1]);

/** The cofactors C of matrices: the derivatives of the determinant. Their own need an invertible matrix: (⟨C, dC⟩·C − C·dCᵀ·C)/|A|. */
const cofactors = op('cofactors', (value: Tensor): Tensor => {
  const { shape } = value;
  const n = shape.at(-1)!;
  return onHost('cofactors', {
    inputs: [value],
    shape,
    compute: ([values], found) => {
      for (let at = 0; at < found.length; at += n * n)
        found.set(cofactorsOf(values!.subarray(at, at + n * n), n), at);
    },
    rule: {
      inputs: [0],
      outputs: [0],
      gradients: ({ dy, input, output }) => [
        () => {
          const c = output(0);
          const all = mul(mul(c, dy).sum([-2, -1], true), c);
          return div(sub(all, matMul(matMul(c, dy, false, true), c)), spread(determinant(input(0))));
        },
      ],
    },
  });
});

/**
 * The determinants of square matrices, as NumPy's `linalg.det`. A matrix without rows gives 1, and a matrix with an element that is not finite gives NaN.
 *
 * The gradient is the matrix of cofactors, which singular matrices have, too. Second derivatives need an invertible matrix; for others they are not finite.
 *
 * Computed by elimination with partial pivoting, on the host in float64, on every backend; the result is rounded to float32, whose range it may leave.
 *
 * @param x [..., n, n]
 * @returns float32 [...]
 * @throws unless x is square over its last two axes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { determinant } from 'rxtensor/ops';
 * dl.tidy(() => determinant([[1, 2], [3, 4]]).print()); // -2
 * ```
 */
export const determinant: (x: TensorInput) => Tensor = op('determinant', (x: TensorInput): Tensor => {
  const value = asSquare('determinant', 'x', x);
  const n = value.shape.at(-1)!;
  return onHost('determinant', {
    inputs: [value],
    shape: value.shape.slice(0, -2),
    compute: ([values], found) => {
      for (let i = 0; i < found.length; i++)
        found[i] = determinantOf(lowerUpper(values!.subarray(i * n * n, (i + 1) * n * n), n));
    },
    rule: {
      inputs: [0],
      gradients: ({ dy, input }) => [() => mul(spread(dy), cofactors(input(0)))],
    },
  });
});
