/** Makes an op from a binary row of the elementwise table. */
import { binaryFunctions, sameShape, type BinaryName, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { promote, sumType } from '../dtype';
import { op } from '../op';
import type { Rank } from '../rank';
import { broadcastShape, formatShape } from '../shape';
import type { GradientContext, GradientRule } from '../tape';
import type { Scalar, Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { castTo } from './cast';
import { sumToShape } from './sum-to-shape';

/** An op on two tensors, element by element, broadcast to a common shape. */
export interface BinaryOp {
  /** Two tensors of one rank, or a tensor and a number: the result has that rank. */
  <R extends Rank, T extends Tensor = Tensor<R>>(a: Tensor<R>, b: Tensor<R> | Scalar | number): T;
  /** Any two inputs that broadcast. Name the type of the result, as in `add<Tensor2D>(a, b)`; otherwise it is a `Tensor`. */
  <T extends Tensor = Tensor>(a: TensorInput, b: TensorInput): T;
}

type BinaryContext = GradientContext<KernelAttributes['binary']>;

/** dy times the partial derivative for each operand, in the shape of dy. {@link binaryOp} then sums over the axes that were broadcast. */
export type PartialDerivatives = (c: BinaryContext) => readonly [() => Tensor, () => Tensor];

/** The partial derivatives of a function, in terms of other ops. */
export interface BinaryDerivative {
  /** The numbers of the inputs and outputs that the derivatives read; the tape keeps those alone. */
  readonly inputs?: readonly number[];
  readonly outputs?: readonly number[];
  readonly partials: PartialDerivatives;
}

function ruleOf({ inputs, outputs, partials }: BinaryDerivative): GradientRule<KernelAttributes['binary']> {
  return {
    inputs,
    outputs,
    gradients: (c) => partials(c).map((partial, i) => () => sumToShape(partial(), c.inputShape(i))),
  };
}

/**
 * Makes the op of a table row.
 *
 * @param derivative null if the op is not differentiable: its result is then a constant
 */
export function binaryOp(name: BinaryName, derivative: BinaryDerivative | null): BinaryOp {
  const row = binaryFunctions[name];
  const rule = derivative && ruleOf(derivative);
  const attributes = { name };
  return op(name, (first: TensorInput, second: TensorInput) => {
    let [a, b] = asOperands(name, first, second);
    let dtype = promote(a.dtype, b.dtype);
    // Arithmetic counts bool as int32; comparisons and logic read it as it is.
    if (row.result !== 'bool') dtype = sumType(dtype);
    if (dtype !== 'float32' && !row.int) dtype = 'float32';
    a = castTo(a, dtype);
    b = castTo(b, dtype);
    const shape = sameShape(a.shape, b.shape) ? a.shape : broadcastShape(name, a.shape, b.shape);
    return dispatchOne(name, 'binary', [a, b], shape, row.result ?? dtype, attributes, rule);
  });
}

/** Converts both arguments to tensors. Plain numbers become float32, so `int32Tensor.div(255)` gives fractions. */
export function asOperands(name: string, first: TensorInput, second: TensorInput): [Tensor, Tensor] {
  return [asTensor(name, 'a', first), asTensor(name, 'b', second)];
}

/** Wraps a binary op so that it refuses operands of different shapes. */
export function strict(name: string, f: BinaryOp): BinaryOp {
  return op(name, (first: TensorInput, second: TensorInput) => {
    const [a, b] = asOperands(name, first, second);
    if (!sameShape(a.shape, b.shape)) {
      throw new Error(
        `${name}: arguments 'a' and 'b' have shapes ${formatShape(a.shape)} and ${formatShape(b.shape)}; wanted the same shape`,
      );
    }
    return f(a, b);
  });
}
