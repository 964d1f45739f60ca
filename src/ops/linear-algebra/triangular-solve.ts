import { op } from '../../tensor/op';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { asEquations, ruleOfSolutions } from './equations';
import { triangularSolutions } from './factors/triangular';
import { weighted } from './matrices';
import { onHost } from './on-host';

/** Options of {@link triangularSolve}. */
export interface TriangularSolveOptions {
  /** Whether the matrices are lower triangular, or else upper triangular; true by default. The other triangle is not read. */
  readonly lower?: boolean;
  /** Whether Aᵀ·X = B is solved in place of A·X = B; false by default. */
  readonly adjoint?: boolean;
}

/**
 * Solves A·X = B for triangular matrices A by substitution, as TensorFlow's `linalg.triangular_solve`. Where the diagonal of a matrix has a 0,
 * or its triangle an element that is not finite, its solution is NaN. Computed on the host in float64, on every backend.
 *
 * @param matrix A, [..., n, n]
 * @param rhs B, [..., n, m]; its batch and that of the matrices are broadcast together
 * @returns X, float32 [..., n, m]
 * @throws unless the shapes fit, and when an option is unknown or is not a boolean
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { triangularSolve } from 'rxtensor/ops';
 * dl.tidy(() => triangularSolve([[2, 0], [1, 4]], [[2], [9]]).print()); // [[1], [2]]
 * ```
 */
export const triangularSolve = op(
  'triangularSolve',
  (matrix: TensorInput, rhs: TensorInput, options: TriangularSolveOptions | null = null): Tensor => {
    const given = options ?? {};
    const isBoolean = isOneOf([true, false]);
    assertOptionValues<TriangularSolveOptions>('triangularSolve', given, {
      lower: isBoolean,
      adjoint: isBoolean,
    });
    const { lower = true, adjoint = false } = given;
    const { a, b, n, m } = asEquations('triangularSolve', matrix, rhs);
    return onHost('triangularSolve', {
      inputs: [a, b],
      shape: b.shape,
      numbers: { lower: Number(lower), adjoint: Number(adjoint) },
      compute: ([matrices, sides], solutions) =>
        triangularSolutions(matrices!, sides!, solutions, n, m, { lower, adjoint }),
      rule: ruleOfSolutions(
        adjoint,
        (a, dy) => triangularSolve(a, dy, { lower, adjoint: !adjoint }),
        (gradient) => weighted(gradient, (i, j) => Number(lower ? i >= j : i <= j)),
      ),
    });
  },
);
