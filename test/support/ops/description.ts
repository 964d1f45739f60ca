/** The description of an op, from which specs and tools derive their cases. */
import type * as ops from '../../../src/tensor/ops';
import type { Tensor } from '../../../src/tensor/tensor';
import type { DifferentiableFunction } from '../gradient-check';
import { mapped, reference, sample, toTensor, type Reference, type ReferenceLike } from '../reference';
import type { Row } from '../wrong-arguments/argument';
import type { NaNDecisions } from './nan-decisions';
import type { ResultRank } from './result-rank';

/** One case in which the gradient of an op is checked. */
export interface GradientRow {
  readonly f: DifferentiableFunction;
  /** The inputs at which the gradient is taken, at least two steps (1/16) away from every kink. */
  readonly at: readonly ReferenceLike[];
  /** The edges at which a gradient may be NaN, with the reasons; left out if there are none. */
  readonly nan?: NaNDecisions;
}

/** Cases by name. A name begins with the op's name, or says what is differentiated. */
export type GradientRows = Readonly<Record<string, GradientRow>>;

/** A call to run, or the reason why there is none. */
export type CallOrReason = (() => unknown) | string;

/** Calls of an op with arguments of each kind, by which docs/ops.md is measured. */
export interface SampleCall {
  /** A call with float32 arguments, if the op takes them. */
  readonly call: () => unknown;
  /** The same call with int32 in place of float32. */
  readonly int32: CallOrReason;
  /** The same call with a main argument without elements. */
  readonly empty: CallOrReason;
}

/** `args` lists the arguments in order, with wrong values for each. `call` is given if they are not passed one after another. */
interface Described extends Row {
  /** The rank of the result, as far as its type tells. */
  readonly rank: ResultRank;
  /** Why the op is not a method of `Tensor`; left out if it is one. */
  readonly noMethod?: string;
}

interface Differentiable extends Described {
  /** The case, or the named cases, in which the gradient is checked. The first one is also the sample call. */
  readonly gradient: GradientRow | GradientRows;
  /** The sample calls that cannot be derived from the first case. */
  readonly sample?: Partial<SampleCall>;
}

interface Constant extends Described {
  /** Why there is no gradient. */
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
  // If all inputs have one shape, all become empty; otherwise only the first, since the others are filters, indices or weights.
  const alike = inputs.every(({ shape }) => shape.join() === inputs[0]?.shape.join());
  return {
    call: () => f(...inputs.map((x) => toTensor(x))),
    int32: () => f(...inputs.map((x) => toTensor(mapped(x, Math.round), 'int32'))),
    empty: () => f(...inputs.map((x, i) => toTensor(i === 0 || alike ? withoutElements(x) : x))),
    ...others,
  };
}

/** A reference with a first axis of length 0; a scalar is unchanged. */
function withoutElements({ shape, values }: Reference): Reference {
  return shape.length === 0 ? { shape, values } : { shape: [0, ...shape.slice(1)], values: [] };
}

/** Inputs whose elements differ by more than four steps, so that the differences do not change which is the greatest. */
export function distinct(shape: number[], seed = 1): ReferenceLike {
  const x = sample(shape, seed);
  const order = x.values.map((_, i) => i).sort((i, j) => x.values[i]! - x.values[j]!);
  const values = x.values.map(() => 0);
  order.forEach((i, rank) => (values[i] = (rank - x.values.length / 2) / 4));
  return { shape, values };
}

/** Reasons why ops have no gradient. */
export const noGradient = {
  makes: 'makes tensors from nothing',
  ofShape: 'of the ops that depend on the shape alone',
  isBoolOrPlace: 'of the ops that give bool or int32',
  countsPlaces: 'of the ops that give places or counts in int32',
  isHostOp: 'of the ops that are host ops, which are never taped',
  ofPixels: 'pixels have no gradient',
  givesNothing: 'of the ops that give nothing',
} as const;

/** Reasons why ops are not methods. */
export const noMethod = {
  makes: 'no tensor goes in',
  takesList: 'takes a list first',
  ofGroup: (group: string) => `a function of the group ${group}, as in TensorFlow.js`,
} as const;
