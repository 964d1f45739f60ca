/**
 * Arithmetic, comparison and logic, with broadcasting, and the negation. The functions are rows of the elementwise table. Those whose
 * derivatives need a logarithm or a square are in files of their own: pow.ts, atan2.ts.
 */
import type { BinaryName } from '../../kernels';
import { promote } from '../dtype';
import { op } from '../op';
import type { Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { asOperands, binaryOp, strict, type BinaryDerivative, type BinaryOp } from './binary-op';
import { zerosLike } from './creation';
import { unaryOp, type UnaryOp } from './unary-op';
import { where } from './where';

export type { BinaryOp } from './binary-op';

/** dy where the condition holds, 0 elsewhere: chosen, since 0 times an infinite dy would be NaN. */
function masked(condition: Tensor, dy: Tensor): Tensor {
  return where(condition, dy, zerosLike(dy));
}

/** Of a quotient y = a/b: dy/b, and −dy·y/b, where b² would overflow and underflow long before b does. */
const ofQuotient = (divide: BinaryOp): BinaryDerivative => ({
  inputs: [1],
  outputs: [0],
  partials: (c) => [() => divide(c.dy, c.input(1)), () => neg(divide(mul(c.dy, c.output(0)), c.input(1)))],
});

const derivatives: Partial<Record<BinaryName, BinaryDerivative>> = {
  add: { partials: ({ dy }) => [() => dy, () => dy] },
  sub: { partials: ({ dy }) => [() => dy, () => neg(dy)] },
  mul: { inputs: [0, 1], partials: (c) => [() => mul(c.dy, c.input(1)), () => mul(c.dy, c.input(0))] },
  div: ofQuotient((a: TensorInput, b: TensorInput) => div(a, b)),
  divNoNan: ofQuotient((a: TensorInput, b: TensorInput) => divNoNan(a, b)),
  mod: {
    inputs: [0, 1],
    partials: (c) => [() => c.dy, () => neg(mul(c.dy, floorDiv(c.input(0), c.input(1))))],
  },
  floorDiv: { partials: ({ dy }) => [() => zerosLike(dy), () => zerosLike(dy)] },
  maximum: {
    inputs: [0, 1],
    partials: (c) => [
      () => masked(greaterEqual(c.input(0), c.input(1)), c.dy),
      () => masked(less(c.input(0), c.input(1)), c.dy),
    ],
  },
  minimum: {
    inputs: [0, 1],
    partials: (c) => [
      () => masked(lessEqual(c.input(0), c.input(1)), c.dy),
      () => masked(greater(c.input(0), c.input(1)), c.dy),
    ],
  },
  squaredDifference: {
    inputs: [0, 1],
    partials: (c) => {
      const half = (): Tensor => mul(mul(c.dy, 2), sub(c.input(0), c.input(1)));
      return [half, () => neg(half())];
    },
  },
  prelu: {
    inputs: [0, 1],
    partials: (c) => [
      // At 0 the slope below it counts, as for leakyRelu and in TensorFlow.js.
      () => where(greater(c.input(0), 0), c.dy, mul(c.dy, c.input(1))),
      () => masked(less(c.input(0), 0), mul(c.dy, c.input(0))),
    ],
  },
};

function binary(name: BinaryName): BinaryOp {
  return binaryOp(name, derivatives[name] ?? null);
}

/** A quotient whose integers are those of {@link floorDiv}: of int32 by int32, and of bool by int32 or the other way round. */
function quotient(name: 'div' | 'divNoNan'): BinaryOp {
  const ofFloats = binary(name);
  return op(name, (first: TensorInput, second: TensorInput) => {
    const [a, b] = asOperands(name, first, second);
    return promote(a.dtype, b.dtype) === 'int32' ? floorDiv(a, b) : ofFloats(a, b);
  });
}

/** −x. */
export const neg = unaryOp('neg', { of: 'nothing', pullBack: (dy) => neg(dy) }) as UnaryOp;
/**
 * a + b, elementwise with broadcasting.
 *
 * @throws when the shapes cannot be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.add(dl.tensor1d([1, 2]), 10).print(); // 11, 12
 * ```
 */
export const add = binary('add');
/** a − b, elementwise with broadcasting. */
export const sub = binary('sub');
/** a · b, elementwise with broadcasting. */
export const mul = binary('mul');
/** a / b; of two int32 tensors the quotient rounded down, as {@link floorDiv}. Where b is 0 the gradients are infinite, or NaN as the quotient. */
export const div = quotient('div');
/** a / b, and 0 where b is 0, as are its gradients there; of two int32 tensors rounded down. */
export const divNoNan = quotient('divNoNan');
/** ⌊a / b⌋. An int32 division by zero gives 0. */
export const floorDiv = binary('floorDiv');
/** The remainder of ⌊a / b⌋, with the sign of b. */
export const mod = binary('mod');
/** The greater of a and b; NaN where one of them is. Where they are equal the gradient goes to a. */
export const maximum = binary('maximum');
/** The lesser of a and b; NaN where one of them is. Where they are equal the gradient goes to a. */
export const minimum = binary('minimum');
/** (a − b)². */
export const squaredDifference = binary('squaredDifference');
/** a where a ≥ 0, else a · b: a rectifier with a learned slope. */
export const prelu = binary('prelu');
/** Bitwise and of two int32 tensors. @throws for another dtype */
export const bitwiseAnd: BinaryOp = op('bitwiseAnd', (first: TensorInput, second: TensorInput) => {
  const operands = {
    a: asTensor('bitwiseAnd', 'a', first, 'int32'),
    b: asTensor('bitwiseAnd', 'b', second, 'int32'),
  };
  for (const [argument, { dtype }] of Object.entries(operands)) {
    if (dtype !== 'int32') throw new Error(`bitwiseAnd: argument '${argument}' is ${dtype}; wanted int32`);
  }
  return bitsInBoth(operands.a, operands.b);
});
const bitsInBoth = binary('bitwiseAnd');
/** a = b, as bool. */
export const equal = binary('equal');
/** a ≠ b, as bool. */
export const notEqual = binary('notEqual');
/** a < b, as bool. */
export const less = binary('less');
/** a ≤ b, as bool. */
export const lessEqual = binary('lessEqual');
/** a > b, as bool. */
export const greater = binary('greater');
/** a ≥ b, as bool. */
export const greaterEqual = binary('greaterEqual');
/** True where both hold. */
export const logicalAnd = binary('logicalAnd');
/** True where one holds, or both. */
export const logicalOr = binary('logicalOr');
/** True where exactly one holds. */
export const logicalXor = binary('logicalXor');

/** As {@link add}, for operands of one shape only. */
export const addStrict = strict('addStrict', add);
/** As {@link sub}, for operands of one shape only. */
export const subStrict = strict('subStrict', sub);
/** As {@link mul}, for operands of one shape only. */
export const mulStrict = strict('mulStrict', mul);
/** As {@link div}, for operands of one shape only. */
export const divStrict = strict('divStrict', div);
/** As {@link mod}, for operands of one shape only. */
export const modStrict = strict('modStrict', mod);
/** As {@link maximum}, for operands of one shape only. */
export const maximumStrict = strict('maximumStrict', maximum);
/** As {@link minimum}, for operands of one shape only. */
export const minimumStrict = strict('minimumStrict', minimum);
/** As {@link squaredDifference}, for operands of one shape only. */
export const squaredDifferenceStrict = strict('squaredDifferenceStrict', squaredDifference);
/** As {@link equal}, for operands of one shape only. */
export const equalStrict = strict('equalStrict', equal);
/** As {@link notEqual}, for operands of one shape only. */
export const notEqualStrict = strict('notEqualStrict', notEqual);
/** As {@link less}, for operands of one shape only. */
export const lessStrict = strict('lessStrict', less);
/** As {@link lessEqual}, for operands of one shape only. */
export const lessEqualStrict = strict('lessEqualStrict', lessEqual);
/** As {@link greater}, for operands of one shape only. */
export const greaterStrict = strict('greaterStrict', greater);
/** As {@link greaterEqual}, for operands of one shape only. */
export const greaterEqualStrict = strict('greaterEqualStrict', greaterEqual);
