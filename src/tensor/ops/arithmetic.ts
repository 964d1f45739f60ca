/** Binary elementwise ops, with broadcasting: arithmetic, comparison and logic. The functions are rows of the elementwise table. */
import { binaryFunctions, sameShape, type BinaryName, type KernelAttributes } from '../../kernels';
import { dispatchOne } from '../dispatch';
import { lazy } from '../lazy';
import { promote, sumType } from '../dtype';
import { op } from '../op';
import type { Rank } from '../rank';
import { broadcastShape, formatShape } from '../shape';
import { withoutRecording, type GradientContext, type GradientRule } from '../tape';
import type { Scalar, Tensor } from '../tensor';
import { asTensor, type TensorInput } from '../tensor-like';
import { castTo } from './cast';
import { scalar, zerosLike } from './creation';
import { sumToShape } from './sum-to-shape';
import { abs, log, neg, square } from './unary';
import { where } from './where';

/** An op on two tensors, broadcast to a common shape. */
export interface BinaryOp {
  <R extends Rank, T extends Tensor = Tensor<R>>(a: Tensor<R>, b: Tensor<R> | Scalar | number): T;
  <T extends Tensor = Tensor>(a: TensorInput, b: TensorInput): T;
}

type BinaryContext = GradientContext<KernelAttributes['binary']>;

/** The two partial derivatives times dy, before repeated axes are summed up again. */
type PartialDerivatives = (c: BinaryContext) => readonly [() => Tensor, () => Tensor];

interface Derivative {
  readonly inputs?: readonly number[];
  readonly outputs?: readonly number[];
  readonly partials: PartialDerivatives;
}

/** dy where the condition holds, 0 elsewhere: chosen, since 0 times an infinite dy would be NaN. */
function masked(condition: Tensor, dy: Tensor): Tensor {
  return where(condition, dy, zerosLike(dy));
}

/** Of a quotient y = a/b: dy/b, and −dy·y/b, where b² would overflow and underflow long before b does. */
const ofQuotient = (divide: BinaryOp): Derivative => ({
  inputs: [1],
  outputs: [0],
  partials: (c) => [() => divide(c.dy, c.input(1)), () => neg(divide(mul(c.dy, c.output(0)), c.input(1)))],
});

/**
 * Of aᵇ: b·aᵇ⁻¹ and aᵇ·log a. Where both are 0, x⁰ is the function 1, with the derivative 0. Where a ≤ 0 the derivative by b is 0, as
 * TensorFlow has it.
 */
const ofPower: Derivative = {
  inputs: [0, 1],
  partials: (c) => [
    () => {
      const [a, b] = [c.input(0), c.input(1)];
      // 0 · 0⁻¹ would be 0 · ∞.
      const isConstant = logicalAnd(equal(a, 0), equal(b, 0));
      return mul(c.dy, mul(b, pow(a, where(isConstant, b, sub(b, 1)))));
    },
    () => {
      const [a, b] = [c.input(0), c.input(1)];
      // Where a ≤ 0 it is taken at a = 1, whose logarithm is 0. NaN goes through.
      const base = where(lessEqual(a, 0), scalar(1), a);
      return mul(c.dy, mul(pow(base, b), log(base)));
    },
  ],
};

/**
 * Of the angle of (b, a): b/(a² + b²) and −a/(a² + b²), with both divided by the greater one first, so that no square overflows or
 * underflows. The origin has no angle: there both are 0.
 */
const ofAngle: Derivative = {
  inputs: [0, 1],
  partials: (c) => {
    const [a, b] = [c.input(0), c.input(1)];
    // The result does not depend on the scale, so that its own derivative has no part in it.
    const scale = lazy(() => withoutRecording(() => maximum(abs(a), abs(b))));
    const [rise, run] = [a, b].map((side) => lazy(() => divNoNan(side, scale())));
    const length = lazy(() => mul(add(square(rise!()), square(run!())), scale()));
    return [() => mul(c.dy, divNoNan(run!(), length())), () => neg(mul(c.dy, divNoNan(rise!(), length())))];
  },
};

const derivatives: Partial<Record<BinaryName, Derivative>> = {
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
  pow: ofPower,
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
  atan2: ofAngle,
  prelu: {
    inputs: [0, 1],
    partials: (c) => [
      // At 0 the slope below it counts, as for leakyRelu and in TensorFlow.js.
      () => where(greater(c.input(0), 0), c.dy, mul(c.dy, c.input(1))),
      () => masked(less(c.input(0), 0), mul(c.dy, c.input(0))),
    ],
  },
};

function ruleOf(name: BinaryName): GradientRule<KernelAttributes['binary']> | null {
  const derivative = derivatives[name];
  if (!derivative) return null;
  return {
    inputs: derivative.inputs,
    outputs: derivative.outputs,
    gradients: (c) =>
      derivative.partials(c).map((partial, i) => () => sumToShape(partial(), c.inputShape(i))),
  };
}

function binary(name: BinaryName): BinaryOp {
  const row = binaryFunctions[name];
  const rule = ruleOf(name);
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

/** Plain numbers are float32, as everywhere: `int32Tensor.div(255)` is a fraction. */
function asOperands(name: string, first: TensorInput, second: TensorInput): [Tensor, Tensor] {
  return [asTensor(name, 'a', first), asTensor(name, 'b', second)];
}

/** A quotient whose integers are those of {@link floorDiv}: of int32 by int32, and of bool by int32 or the other way round. */
function quotient(name: 'div' | 'divNoNan'): BinaryOp {
  const ofFloats = binary(name);
  return op(name, (first: TensorInput, second: TensorInput) => {
    const [a, b] = asOperands(name, first, second);
    return promote(a.dtype, b.dtype) === 'int32' ? floorDiv(a, b) : ofFloats(a, b);
  });
}

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
/** aᵇ, of which x⁰ is 1 for every x, with the gradient 0. The gradient to b is 0 where a ≤ 0. */
export const pow = binary('pow');
/** The greater of a and b; NaN where one of them is. Where they are equal the gradient goes to a. */
export const maximum = binary('maximum');
/** The lesser of a and b; NaN where one of them is. Where they are equal the gradient goes to a. */
export const minimum = binary('minimum');
/** (a − b)². */
export const squaredDifference = binary('squaredDifference');
/** The angle of the point (b, a), in radians, in [−π, π]; float32, whatever it is of. The gradients at (0, 0) are 0, and NaN where a or b is infinite. */
export const atan2 = binary('atan2');
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

function strict(name: string, f: BinaryOp): BinaryOp {
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
/** As {@link pow}, for operands of one shape only. */
export const powStrict = strict('powStrict', pow);
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
