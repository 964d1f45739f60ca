import { op } from '../../tensor/op';
import { matMul } from '../../tensor/ops';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { choleskyFactors } from './factors/cholesky';
import { asSquare, symmetrized, transposed, weighted } from './matrices';
import { onHost } from './on-host';
import { triangularSolve } from './triangular-solve';

/**
 * The Cholesky factor of symmetric, positive definite matrices: the lower triangular L with A = L·Lᵀ, as NumPy's and TensorFlow's `cholesky`.
 *
 * Only the lower triangles of A are read. A matrix that is not positive definite gives NaN, and leaves the others of the batch as they are: where values
 * are computed on a device, nothing can be thrown when they are not known yet.
 *
 * The gradient follows Murray ("Differentiation of the Cholesky decomposition", arXiv:1602.07527), and is symmetric, as TensorFlow's is: an element below the
 * diagonal and its mirror image have half of the derivative each. The factor is computed on the host in float64, on every backend.
 *
 * @param x [..., n, n]
 * @returns float32 [..., n, n], with zeros above the diagonal
 * @throws unless x is square over its last two axes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { cholesky } from 'rxtensor/ops';
 * dl.tidy(() => cholesky([[4, 2], [2, 5]]).print()); // [[2, 0], [1, 2]]
 * ```
 */
export const cholesky = op('cholesky', (x: TensorInput): Tensor => {
  const value = asSquare('cholesky', 'x', x);
  const { shape } = value;
  return onHost('cholesky', {
    inputs: [value],
    shape,
    compute: ([values], factors) => choleskyFactors(values!, factors, shape.at(-1)!),
    rule: {
      outputs: [0],
      gradients: ({ dy, output }) => [
        () => {
          // ½(S + Sᵀ) with S = L⁻ᵀ·Φ(Lᵀ·dL)·L⁻¹; Φ takes the lower triangle, and half of the diagonal.
          const l = output(0);
          const lower = weighted(matMul(l, dy, true), (i, j) => (i > j ? 1 : i === j ? 0.5 : 0));
          const left = triangularSolve(l, lower, { adjoint: true });
          return symmetrized(triangularSolve(l, transposed(left), { adjoint: true }));
        },
      ],
    },
  });
});
