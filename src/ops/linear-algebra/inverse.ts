import { op } from '../../tensor/op';
import { matMul, neg } from '../../tensor/ops';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { asEquations, ruleOfSolutions } from './equations';
import { lowerUpper, solutionOf } from './factors/lower-upper';
import { asSquare } from './matrices';
import { onHost } from './on-host';

/** Solves one system for each of a batch. Where a matrix is singular, or not finite, the solution is NaN. */
function solutions(
  matrices: Float32Array,
  sideOf: (index: number) => ArrayLike<number>,
  found: Float32Array,
  [n, m]: readonly [number, number],
  adjoint = false,
): void {
  const count = n * m === 0 ? 0 : found.length / (n * m);
  for (let b = 0; b < count; b++) {
    const factors = lowerUpper(matrices.subarray(b * n * n, (b + 1) * n * n), n, adjoint);
    const at = b * n * m;
    if (factors.sign) found.set(solutionOf(factors, sideOf(b), m), at);
    else found.fill(NaN, at, at + n * m);
  }
}

/**
 * The inverses of square matrices, as NumPy's `linalg.inv`. A singular matrix, and one with an element that is not finite, gives NaN, and leaves the others of
 * the batch as they are. Where A⁻¹·B is wanted, {@link solve} is faster and more accurate.
 *
 * Computed by elimination with partial pivoting, on the host in float64, on every backend.
 *
 * @param x [..., n, n]
 * @returns float32 [..., n, n]
 * @throws unless x is square over its last two axes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { inverse } from 'rxtensor/ops';
 * dl.tidy(() => inverse([[2, 1], [1, 1]]).print()); // [[1, -1], [-1, 2]]
 * ```
 */
export const inverse = op('inverse', (x: TensorInput): Tensor => {
  const value = asSquare('inverse', 'x', x);
  const { shape } = value;
  const n = shape.at(-1)!;
  const ones = new Float32Array(n * n);
  for (let i = 0; i < n; i++) ones[i * (n + 1)] = 1;
  return onHost('inverse', {
    inputs: [value],
    shape,
    compute: ([matrices], found) => solutions(matrices!, () => ones, found, [n, n]),
    rule: {
      outputs: [0],
      // −A⁻ᵀ·dy·A⁻ᵀ.
      gradients: ({ dy, output }) => [() => neg(matMul(matMul(output(0), dy, true), output(0), false, true))],
    },
  });
});

/** Options of {@link solve}. */
export interface SolveOptions {
  /** Whether Aᵀ·X = B is solved in place of A·X = B; false by default. */
  readonly adjoint?: boolean;
}

/**
 * Solves A·X = B for square matrices A, as TensorFlow's `linalg.solve`: B has matrices, also if there is one column. A singular matrix, and one with an element
 * that is not finite, gives NaN.
 *
 * Computed by elimination with partial pivoting, on the host in float64, on every backend.
 *
 * @param matrix A, [..., n, n]
 * @param rhs B, [..., n, m]; its batch and that of the matrices are broadcast together
 * @returns X, float32 [..., n, m]
 * @throws unless the shapes fit, and when an option is unknown or is not a boolean
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { solve } from 'rxtensor/ops';
 * dl.tidy(() => solve([[0, 2], [1, 1]], [[4], [3]]).print()); // [[1], [2]]
 * ```
 */
export const solve = op(
  'solve',
  (matrix: TensorInput, rhs: TensorInput, options: SolveOptions | null = null): Tensor => {
    const given = options ?? {};
    assertOptionValues<SolveOptions>('solve', given, { adjoint: isOneOf([true, false]) });
    const { adjoint = false } = given;
    const { a, b, n, m } = asEquations('solve', matrix, rhs);
    return onHost('solve', {
      inputs: [a, b],
      shape: b.shape,
      numbers: { adjoint: Number(adjoint) },
      compute: ([matrices, sides], found) =>
        solutions(matrices!, (i) => sides!.subarray(i * n * m, (i + 1) * n * m), found, [n, m], adjoint),
      rule: ruleOfSolutions(adjoint, (a, dy) => solve(a, dy, { adjoint: !adjoint })),
    });
  },
);
