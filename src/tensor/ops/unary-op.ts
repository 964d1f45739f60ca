/** Makes an op from a unary row of the elementwise table. */
import { assertNumber } from '../argument';
import { unaryFunctions, type KernelAttributes, type UnaryName } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { sumType } from '../dtype';
import { op } from '../op';
import type { GradientRule } from '../tape';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { castTo } from './cast';
import type { KeepsRank } from './keeps-rank';

/** An op that computes each element of its result from one element of x. */
export type UnaryOp = KeepsRank<Tensor>;

/** A {@link UnaryOp} with at most two numeric parameters. */
export type ParametricUnaryOp = (x: TensorInput, p?: number, q?: number) => Tensor;

/** The derivative f′ of a function f, in terms of other ops. */
export interface UnaryDerivative {
  /** What the derivative is computed from: the input, the result, or neither. The tape keeps it. */
  readonly of: 'input' | 'output' | 'nothing';
  /** Computes dy·f′. `v` is what `of` names; p and q are the parameters of the op. */
  readonly pullBack: (dy: Tensor, v: Tensor, p: number, q: number) => Tensor;
}

function ruleOf({ of, pullBack }: UnaryDerivative): GradientRule<KernelAttributes['unary']> {
  return {
    inputs: of === 'input' ? [0] : undefined,
    outputs: of === 'output' ? [0] : undefined,
    gradients: (c) => [
      () => {
        const read = of === 'output' ? c.output(0) : of === 'input' ? c.input(0) : c.dy;
        return pullBack(c.dy, read, c.attributes.p, c.attributes.q);
      },
    ],
  };
}

/**
 * Makes the op of a table row.
 *
 * @param derivative null if the op is not differentiable: its result is then a constant
 * @param parameter the name of the first parameter, if the op checks that it is a number
 */
export function unaryOp(
  name: UnaryName,
  derivative: UnaryDerivative | null,
  parameter?: string,
): ParametricUnaryOp {
  const row = unaryFunctions[name];
  const rule = derivative && ruleOf(derivative);
  const plain = { name, p: 0, q: 0 };
  return op(name, (x: TensorInput, p?: number, q?: number) => {
    const given = asTensor(name, 'x', x);
    if (parameter !== undefined) assertNumber(name, parameter, p);
    const dtype = row.int ? sumType(given.dtype) : 'float32';
    const value = given.dtype === 'bool' && row.int ? given : castTo(given, dtype);
    const attributes = p === undefined ? plain : { name, p, q: q ?? 0 };
    return dispatchOne(name, 'unary', [value], value.shape, row.result ?? dtype, attributes, rule);
  });
}
