/** What makes an op of a binary row of the elementwise table. */
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

/** An op on two tensors, broadcast to a common shape. */
export interface BinaryOp {
  /** Two tensors of one rank, or a tensor and a number: the result has that rank. */
  <R extends Rank, T extends Tensor = Tensor<R>>(a: Tensor<R>, b: Tensor<R> | Scalar | number): T;
  /** Anything that broadcasts. Name the type of the result, as in `add<Tensor2D>(a, b)`, or it is a `Tensor`. */
  <T extends Tensor = Tensor>(a: TensorInput, b: TensorInput): T;
}

type BinaryContext = GradientContext<KernelAttributes['binary']>;

/** The two partial derivatives times dy, before repeated axes are summed up again. */
export type PartialDerivatives = (c: BinaryContext) => readonly [() => Tensor, () => Tensor];

/** The partial derivatives of a function, in terms of other ops. */
export interface BinaryDerivative {
  /** Which inputs, and which outputs, they read. */
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
 * The op of a row.
 *
 * @param derivative null where the result is a constant
 */
export function binaryOp(name: BinaryName, derivative: BinaryDerivative | null): BinaryOp {
  const row = binaryFunctions[name];
  const rule = derivative && ruleOf(derivative);
  const attributes = { name };
  return op(name, (first: TensorInput, second: TensorInput) => {
    let [a, b] = asOperands(name, first, second);
    let dtype = promote(a.dtype, b.dtype);
    // bool is counted in arithmetic; comparisons and logic read it as it is.
    if (row.result !== 'bool') dtype = sumType(dtype);
    if (dtype !== 'float32' && !row.int) dtype = 'float32';
    a = castTo(a, dtype);
    b = castTo(b, dtype);
    const shape = sameShape(a.shape, b.shape) ? a.shape : broadcastShape(name, a.shape, b.shape);
    return dispatchOne(name, 'binary', [a, b], shape, row.result ?? dtype, attributes, rule);
  });
}

/** Both arguments as tensors. Plain numbers are float32, as everywhere: `int32Tensor.div(255)` is a fraction. */
export function asOperands(name: string, first: TensorInput, second: TensorInput): [Tensor, Tensor] {
  return [asTensor(name, 'a', first), asTensor(name, 'b', second)];
}

/** The same op, for operands of one shape only. */
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
