/**
 * Arithmetic, comparison and logic with broadcasting, and the negation. The functions are rows of the elementwise table; this file adds
 * their derivatives. `pow` and `atan2`, whose derivatives use unary ops, are in pow.ts and atan2.ts.
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

/** Returns dy where the condition holds and 0 elsewhere. It selects rather than multiplies, since 0 times an infinite dy would be NaN. */
function masked(condition: Tensor, dy: Tensor): Tensor {
  return where(condition, dy, zerosLike(dy));
}

/** The gradients of y = a/b are dy/b and −dy·y/b. The textbook form −dy·a/b² would overflow or underflow where b itself does not. */
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
      // At x = 0 the derivative is the slope for negative x, as for leakyRelu and in TensorFlow.js.
      () => where(greater(c.input(0), 0), c.dy, mul(c.dy, c.input(1))),
      () => masked(less(c.input(0), 0), mul(c.dy, c.input(0))),
    ],
  },
};

function binary(name: BinaryName): BinaryOp {
  return binaryOp(name, derivatives[name] ?? null);
}

/** A division that uses {@link floorDiv} where the common dtype of both operands is int32. */
function quotient(name: 'div' | 'divNoNan'): BinaryOp {
  const ofFloats = binary(name);
  return op(name, (first: TensorInput, second: TensorInput) => {
    const [a, b] = asOperands(name, first, second);
    return promote(a.dtype, b.dtype) === 'int32' ? floorDiv(a, b) : ofFloats(a, b);
  });
}

/**
 * −x, element by element. bool is counted as int32.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, -2]).neg().print()); // -1, 2
 * ```
 */
export const neg = unaryOp('neg', { of: 'nothing', pullBack: (dy) => neg(dy) }) as UnaryOp;
/**
 * a + b, element by element with broadcasting. The result is float32 if one operand is, else int32 (bool is counted as int32). A plain number
 * is a float32 operand.
 *
 * @throws when the shapes cannot be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.add(dl.tensor1d([1, 2]), 10).print(); // 11, 12
 * ```
 */
export const add = binary('add');
/**
 * a − b, element by element with broadcasting. See {@link add} for dtypes.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).sub(dl.tensor1d([3, 5])).print()); // -2, -3
 * ```
 */
export const sub = binary('sub');
/**
 * a · b, element by element with broadcasting. See {@link add} for dtypes.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).mul(dl.tensor1d([3, 4])).print()); // 3, 8
 * ```
 */
export const mul = binary('mul');
/**
 * a / b, element by element with broadcasting. Two int32 tensors give the quotient rounded down, as {@link floorDiv} does. Where b is 0, the
 * gradients are infinite or NaN.
 *
 * @throws when the shapes cannot be broadcast together
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.div([1, 3], 2).print(); // 0.5, 1.5
 * dl.div(dl.tensor1d([7, -7], 'int32'), dl.scalar(2, 'int32')).print(); // 3, -4
 * ```
 */
export const div = quotient('div');
/**
 * a / b, but 0 where b is 0; the gradients are 0 there too. Two int32 tensors give the quotient rounded down.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).divNoNan(dl.tensor1d([0, 4])).print()); // 0, 0.5
 * ```
 */
export const divNoNan = quotient('divNoNan');
/**
 * ⌊a / b⌋: the quotient rounded down. An int32 division by zero gives 0. The gradients are 0.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([7, -7]).floorDiv(2).print()); // 3, -4
 * ```
 */
export const floorDiv = binary('floorDiv');
/**
 * The remainder a − b·⌊a / b⌋. It has the sign of b, as in Python.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([7, -7]).mod(3).print()); // 1, 2
 * ```
 */
export const mod = binary('mod');
/**
 * The greater of a and b; NaN where either is NaN. Where both are equal, the gradient goes to a.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 5]).maximum(3).print()); // 3, 5
 * ```
 */
export const maximum = binary('maximum');
/**
 * The lesser of a and b; NaN where either is NaN. Where both are equal, the gradient goes to a.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 5]).minimum(3).print()); // 1, 3
 * ```
 */
export const minimum = binary('minimum');
/**
 * (a − b)².
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).squaredDifference(4).print()); // 9, 4
 * ```
 */
export const squaredDifference = binary('squaredDifference');
/**
 * a where a ≥ 0, else a · b: a rectifier whose slope b for negative a can be learned (He et al., ICCV 2015).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([-1, 0, 2]).prelu(dl.scalar(0.5)).print()); // -0.5, 0, 2
 * ```
 */
export const prelu = binary('prelu');
/**
 * The bitwise AND of two int32 tensors, with broadcasting.
 *
 * @throws unless both are int32
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([6, 3], 'int32').bitwiseAnd(dl.tensor1d([3, 3], 'int32')).print()); // 2, 3
 * ```
 */
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
/**
 * Whether a equals b, as bool. NaN equals nothing.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).equal(dl.tensor1d([1, 3])).print()); // true, false
 * ```
 */
export const equal = binary('equal');
/**
 * Whether a differs from b, as bool. NaN differs from everything.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).notEqual(1).print()); // false, true
 * ```
 */
export const notEqual = binary('notEqual');
/**
 * Whether a < b, as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).less(2).print()); // true, false
 * ```
 */
export const less = binary('less');
/**
 * Whether a ≤ b, as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).lessEqual(1).print()); // true, false
 * ```
 */
export const lessEqual = binary('lessEqual');
/**
 * Whether a > b, as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).greater(1).print()); // false, true
 * ```
 */
export const greater = binary('greater');
/**
 * Whether a ≥ b, as bool.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.tensor1d([1, 2]).greaterEqual(2).print()); // false, true
 * ```
 */
export const greaterEqual = binary('greaterEqual');
/**
 * Whether both a and b are true, as bool. Any number but 0 counts as true.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.logicalAnd([true, true], [true, false]).print()); // true, false
 * ```
 */
export const logicalAnd = binary('logicalAnd');
/**
 * Whether a or b (or both) is true, as bool. Any number but 0 counts as true.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.logicalOr([true, false], [false, false]).print()); // true, false
 * ```
 */
export const logicalOr = binary('logicalOr');
/**
 * Whether exactly one of a and b is true, as bool. Any number but 0 counts as true.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.logicalXor([true, true], [true, false]).print()); // false, true
 * ```
 */
export const logicalXor = binary('logicalXor');

/**
 * {@link add} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.addStrict([1, 2], [3, 4]).print()); // 4, 6
 * ```
 */
export const addStrict = strict('addStrict', add);
/**
 * {@link sub} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.subStrict([1, 2], [3, 5]).print()); // -2, -3
 * ```
 */
export const subStrict = strict('subStrict', sub);
/**
 * {@link mul} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.mulStrict([1, 2], [3, 4]).print()); // 3, 8
 * ```
 */
export const mulStrict = strict('mulStrict', mul);
/**
 * {@link div} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.divStrict([1, 2], [2, 4]).print()); // 0.5, 0.5
 * ```
 */
export const divStrict = strict('divStrict', div);
/**
 * {@link mod} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.modStrict([7, 5], [4, 3]).print()); // 3, 2
 * ```
 */
export const modStrict = strict('modStrict', mod);
/**
 * {@link maximum} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.maximumStrict([1, 5], [2, 3]).print()); // 2, 5
 * ```
 */
export const maximumStrict = strict('maximumStrict', maximum);
/**
 * {@link minimum} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.minimumStrict([1, 5], [2, 3]).print()); // 1, 3
 * ```
 */
export const minimumStrict = strict('minimumStrict', minimum);
/**
 * {@link squaredDifference} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.squaredDifferenceStrict([1, 2], [3, 5]).print()); // 4, 9
 * ```
 */
export const squaredDifferenceStrict = strict('squaredDifferenceStrict', squaredDifference);
/**
 * {@link equal} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.equalStrict([1, 2], [1, 3]).print()); // true, false
 * ```
 */
export const equalStrict = strict('equalStrict', equal);
/**
 * {@link notEqual} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.notEqualStrict([1, 2], [1, 3]).print()); // false, true
 * ```
 */
export const notEqualStrict = strict('notEqualStrict', notEqual);
/**
 * {@link less} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.lessStrict([1, 2], [1, 3]).print()); // false, true
 * ```
 */
export const lessStrict = strict('lessStrict', less);
/**
 * {@link lessEqual} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.lessEqualStrict([1, 5], [1, 3]).print()); // true, false
 * ```
 */
export const lessEqualStrict = strict('lessEqualStrict', lessEqual);
/**
 * {@link greater} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.greaterStrict([1, 5], [1, 3]).print()); // false, true
 * ```
 */
export const greaterStrict = strict('greaterStrict', greater);
/**
 * {@link greaterEqual} without broadcasting.
 *
 * @throws unless both operands have the same shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.tidy(() => dl.greaterEqualStrict([1, 2], [1, 3]).print()); // true, false
 * ```
 */
export const greaterEqualStrict = strict('greaterEqualStrict', greaterEqual);
