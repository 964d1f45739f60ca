/** What the specs and tools know of an op: all of it in one place, from which they derive what they look at. */
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
  /** Where the gradient is taken: inputs two steps (1/16) away from every kink. */
  readonly at: readonly ReferenceLike[];
  /** Why a gradient is NaN at an edge; left out where all are numbers. */
  readonly nan?: NaNDecisions;
}

/** By names that begin with that of the op, or say what of it is differentiated. */
export type GradientRows = Readonly<Record<string, GradientRow>>;

/** A call to run, or the reason why there is none. */
export type CallOrReason = (() => unknown) | string;

/** One call of an op with arguments of each kind: what docs/ops.md is measured by. */
export interface SampleCall {
  /** With float32 where the op takes it. */
  readonly call: () => unknown;
  /** The same with int32 in place of float32. */
  readonly int32: CallOrReason;
  /** With no elements in what the op works on. */
  readonly empty: CallOrReason;
}

/** `args` lists the arguments in order, and what is wrong for each; `call` is there where they are not given one after another. */
interface Described extends Row {
  /** What the compiler knows of the rank of the result. */
  readonly rank: ResultRank;
  /** Why the op is no method of `Tensor`; left out where it is one. */
  readonly noMethod?: string;
}

interface Differentiable extends Described {
  /** Where the gradient is checked: in one case, or in several with names of their own, the first of which is the sample call too. */
  readonly gradient: GradientRow | GradientRows;
  /** The sample calls that do not follow from the first case. */
  readonly sample?: Partial<SampleCall>;
}

interface Constant extends Described {
  /** Why there is no gradient. */
  readonly gradient: string;
  readonly sample: SampleCall;
}

export type OpDescription = Differentiable | Constant;

/** The descriptions of a family of ops, by their names. */
export type Family = Readonly<Record<string, OpDescription>>;

/** One description for each of some names. */
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

/** The name of any op, that of a group with the group before. */
export type OpName =
  | FunctionsOf<Ops>
  | {
      [Group in Exclude<keyof Ops, FunctionsOf<Ops> | 'Reduction'>]: `${Group}.${FunctionsOf<Ops[Group]>}`;
    }[Exclude<keyof Ops, FunctionsOf<Ops> | 'Reduction'>];

/** The sample calls of a function of tensors: int32 and empty arguments follow from the float32 ones. */
export function callsOf(
  f: (...inputs: Tensor[]) => unknown,
  at: readonly ReferenceLike[],
  others: Partial<SampleCall> = {},
): SampleCall {
  const inputs = at.map(reference);
  // Operands of one shape lose their elements together; otherwise the first input does: the others are filters, indices, weights.
  const alike = inputs.every(({ shape }) => shape.join() === inputs[0]?.shape.join());
  return {
    call: () => f(...inputs.map((x) => toTensor(x))),
    int32: () => f(...inputs.map((x) => toTensor(mapped(x, Math.round), 'int32'))),
    empty: () => f(...inputs.map((x, i) => toTensor(i === 0 || alike ? withoutElements(x) : x))),
    ...others,
  };
}

/** The first axis cut down to nothing; a scalar stays what it is. */
function withoutElements({ shape, values }: Reference): Reference {
  return shape.length === 0 ? { shape, values } : { shape: [0, ...shape.slice(1)], values: [] };
}

/** A point of which all elements differ by more than four steps, so that which is the greatest does not change. */
export function distinct(shape: number[], seed = 1): ReferenceLike {
  const x = sample(shape, seed);
  const order = x.values.map((_, i) => i).sort((i, j) => x.values[i]! - x.values[j]!);
  const values = x.values.map(() => 0);
  order.forEach((i, rank) => (values[i] = (rank - x.values.length / 2) / 4));
  return { shape, values };
}

/** Why ops have no gradient. */
export const noGradient = {
  makes: 'makes tensors from nothing',
  ofShape: 'of the ops that depend on the shape alone',
  isBoolOrPlace: 'of the ops that give bool or int32',
  countsPlaces: 'of the ops that give places or counts in int32',
  isHostOp: 'of the ops that are host ops, which are never taped',
  ofPixels: 'pixels have no gradient',
  givesNothing: 'of the ops that give nothing',
} as const;

/** Why ops are no methods. */
export const noMethod = {
  makes: 'no tensor goes in',
  takesList: 'takes a list first',
  ofGroup: (group: string) => `a function of the group ${group}, as in TensorFlow.js`,
} as const;
