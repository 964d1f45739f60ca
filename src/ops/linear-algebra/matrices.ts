/** Matrices: the last two axes of a tensor. The axes before them are a batch. */
import { cast, mul, tensor2d, transpose } from '../../tensor/ops';
import { formatShape } from '../../tensor/shape';
import type { Tensor } from '../../tensor/tensor';
import { asTensor, type TensorInput } from '../../tensor/tensor-like';

/** x as float32. @throws unless it has two axes or more */
export function asMatrices(name: string, argument: string, x: TensorInput): Tensor {
  const value = asTensor(name, argument, x);
  if (value.rank >= 2) return cast(value, 'float32');
  throw new Error(
    `${name}: argument '${argument}' has shape ${formatShape(value.shape)}; wanted matrices over the last two axes`,
  );
}

/** As {@link asMatrices}. @throws unless the last two axes are of one extent, too */
export function asSquare(name: string, argument: string, x: TensorInput): Tensor {
  const value = asMatrices(name, argument, x);
  const [rows, columns] = value.shape.slice(-2);
  if (rows === columns) return value;
  throw new Error(
    `${name}: argument '${argument}' has shape ${formatShape(value.shape)}; wanted square matrices over the last two axes`,
  );
}

/** Swaps rows and columns. */
export function transposed(x: Tensor): Tensor {
  const axes = x.shape.map((_, axis) => axis);
  return transpose(x, [...axes.slice(0, -2), x.rank - 1, x.rank - 2]);
}

/** The mean of a matrix and its mirror image. */
export const symmetrized = (x: Tensor): Tensor => mul(x.add(transposed(x)), 0.5);

/** Multiplies each element of square matrices by what a function of row and column says. */
export function weighted(x: Tensor, weight: (row: number, column: number) => number): Tensor {
  const n = x.shape.at(-1)!;
  const weights = new Float32Array(n * n);
  for (let i = 0; i < weights.length; i++) weights[i] = weight(Math.floor(i / n), i % n);
  return mul(x, tensor2d(weights, [n, n]));
}
