/** What the ops that solve systems of equations A·X = B have in common. */
import type { CustomAttributes } from '../../kernels';
import { broadcastTo, matMul, neg } from '../../tensor/ops';
import { broadcastShape, formatShape } from '../../tensor/shape';
import type { GradientRule } from '../../tensor/tape';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { asMatrices, asSquare } from './matrices';

/** A and B with the axes of one batch: n × n matrices and n × m right-hand sides. */
export interface Equations {
  readonly a: Tensor;
  readonly b: Tensor;
  readonly n: number;
  readonly m: number;
}

/** @throws unless the matrices are square, with as many rows as the right-hand sides, and the batches can be broadcast together */
export function asEquations(name: string, matrix: TensorInput, rhs: TensorInput): Equations {
  const a = asSquare(name, 'matrix', matrix);
  const b = asMatrices(name, 'rhs', rhs);
  const [n, m] = b.shape.slice(-2) as [number, number];
  if (a.shape.at(-1) !== n)
    throw new Error(
      `${name}: argument 'rhs' has shape ${formatShape(b.shape)}; wanted ${a.shape.at(-1)} rows, as 'matrix', whose shape is ${formatShape(a.shape)}`,
    );
  const batch = broadcastShape(name, a.shape.slice(0, -2), b.shape.slice(0, -2), ['matrix', 'rhs']);
  const over = (x: Tensor): Tensor =>
    x.rank === batch.length + 2 && batch.every((extent, axis) => x.shape[axis] === extent)
      ? x
      : broadcastTo(x, [...batch, ...x.shape.slice(-2)]);
  return { a: over(a), b: over(b), n, m };
}

/**
 * The gradients of X = A⁻¹·B, or A⁻ᵀ·B: with G = A⁻ᵀ·dX, or A⁻¹·dX, that of B is G, and that of A is −G·Xᵀ, or −X·Gᵀ (Giles, "An extended collection of matrix
 * derivative results", 2008).
 *
 * @param solve solves by the transposed matrices
 * @param masked sets to 0 what is not read of A
 */
export function ruleOfSolutions(
  adjoint: boolean,
  solve: (a: Tensor, b: Tensor) => Tensor,
  masked: (gradient: Tensor) => Tensor = (gradient) => gradient,
): GradientRule<CustomAttributes> {
  return {
    inputs: [0],
    outputs: [0],
    gradients: ({ dy, input, output }) => {
      let solved: Tensor | null = null;
      const ofB = (): Tensor => (solved ??= solve(input(0), dy));
      const ofA = (): Tensor => {
        const [g, x] = [ofB(), output(0)];
        return masked(neg(adjoint ? matMul(x, g, false, true) : matMul(g, x, false, true)));
      };
      return [ofA, ofB];
    },
  };
}
