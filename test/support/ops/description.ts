/** The description of an op, from which specs and tools derive their cases. */
import type * as ops from '../../../src/tensor/ops';
import type { Tensor } from '../../../src/tensor/tensor';
import type { DifferentiableFunction } from '../gradient-check';
import { mapped, reference, sample, toTensor, type Reference, type ReferenceLike } from '../reference';
import type { Row } from '../wrong-arguments/argument';
import type { NaNDecisions } from './nan-decisions';
import type { ResultRank } from './result-rank';

/** One test case for the gradient of an op. */
export interface GradientRow {
  readonly f: DifferentiableFunction;
  /** The inputs at which the gradient is computed. They are at least two steps (of 1/16) away from every kink. */
  readonly at: readonly ReferenceLike[];
  /** The extreme inputs at which a gradient may be NaN, each with the reason. It is left out if there are none. */
  readonly nan?: NaNDecisions;
}

/** Test cases by name. A name usually begins with the name of the op. */
export type GradientRows = Readonly<Record<string, GradientRow>>;

/** A call to run, or the reason why the op has no such call. */
export type CallOrReason = (() => unknown) | string;

/** Calls of an op with each kind of argument. `npm run docs:ops` runs them and writes the outcomes to docs/ops.md. */
export interface SampleCall {
  /** A call with float32 arguments, if the op takes them. */
  readonly call: () => unknown;
  /** The same call with int32 in place of float32. */
  readonly int32: CallOrReason;
  /** The same call, but the main argument has no elements. */
  readonly empty: CallOrReason;
}

/** `args` lists the arguments in order, with wrong values for each. `call` is needed if they are not passed one by one. */
interface Described extends Row {
  /** What the type of the op says about the rank of the result. */
  readonly rank: ResultRank;
  /** The reason why the op is not a method of `Tensor`. It is left out if the op is a method. */
  readonly noMethod?: string;
}

interface Differentiable extends Described {
  /** The test case, or named test cases, for the gradient. The first one also supplies the sample calls. */
  readonly gradient: GradientRow | GradientRows;
  /** The sample calls that cannot be derived from the first test case. */
  readonly sample?: Partial<SampleCall>;
}

interface Constant extends Described {
  /** The reason why the op has no gradient. */
  readonly gradient: string;
  readonly sample: SampleCall;
}

export type OpDescription = Differentiable | Constant;

/** The descriptions of a family of ops, by op name. */
export type Family = Readonly<Record<string, OpDescription>>;

/** Makes a description for each name. */
export function ofEach<Name extends string>(
  names: readonly Name[],
  describe: (name: Name) => OpDescription,
): Readonly<Record<Name, OpDescription>> {
  return Object.fromEntries(names.map((name) => [name, describe(name)])) as Record<Name, OpDescription>;
}

type Ops = typeof ops;
type FunctionsOf<Group> = {
  [Name in keyof Group & string]: Group[Name] extends (...args: never[]) => unknown ? Name : never;
}[keyof Group & string];

/** The name of an op, with its group: `add`, `image.resizeBilinear`. */
export type OpName =
  | FunctionsOf<Ops>
  | {
      [Group in Exclude<keyof Ops, FunctionsOf<Ops> | 'Reduction'>]: `${Group}.${FunctionsOf<Ops[Group]>}`;
    }[Exclude<keyof Ops, FunctionsOf<Ops> | 'Reduction'>];

/** Makes the sample calls of a function of tensors. The int32 and empty arguments are derived from the float32 ones. */
export function callsOf(
  f: (...inputs: Tensor[]) => unknown,
  at: readonly ReferenceLike[],
  others: Partial<SampleCall> = {},
): SampleCall {
  const inputs = at.map(reference);
  // If all inputs have the same shape, all become empty. Otherwise only the first does: the others are filters, indices or weights.
  const alike = inputs.every(({ shape }) => shape.join() === inputs[0]?.shape.join());
  return {
    call: () => f(...inputs.map((x) => toTensor(x))),
    int32: () => f(...inputs.map((x) => toTensor(mapped(x, Math.round), 'int32'))),
    empty: () => f(...inputs.map((x, i) => toTensor(i === 0 || alike ? withoutElements(x) : x))),
    ...others,
  };
}

/** The same tensor, but with a first axis of length 0. A scalar is returned unchanged. */
function withoutElements({ shape, values }: Reference): Reference {
  return shape.length === 0 ? { shape, values } : { shape: [0, ...shape.slice(1)], values: [] };
}

/** Makes an input whose elements are at least four steps (of 1/16) apart. Finite differences never change the greatest one. */
export function distinct(shape: number[], seed = 1): ReferenceLike {
  const x = sample(shape, seed);
  const order = x.values.map((_, i) => i).sort((i, j) => x.values[i]! - x.values[j]!);
  const values = x.values.map(() => 0);
  order.forEach((i, rank) => (values[i] = (rank - x.values.length / 2) / 4));
  return { shape, values };
}

/** Reasons why ops have no gradient. */
export const noGradient = {
  makes: 'it has no tensor argument',
  ofShape: 'the result does not depend on the values of the tensor',
  isBoolOrPlace: 'bool and int32 tensors have no gradient',
  countsPlaces: 'the result is int32, which has no gradient',
  isHostOp: 'host ops are not recorded for gradients',
  ofPixels: 'pixels are integers, which have no gradient',
  givesNothing: 'it returns nothing',
} as const;

/** Reasons why ops are not methods. */
export const noMethod = {
  makes: 'it has no tensor argument',
  takesList: 'the first argument is a list',
  ofGroup: (group: string) => `it belongs to the group ${group}, as in TensorFlow.js`,
} as const;
