/** Descriptions of arguments, with right and wrong values for each, by which the errors of every op are tested. */
import { sizeOf, type DataType } from '../../../src/kernels';
import { tensor as makeTensor } from '../../../src/tensor/ops';
import type { Tensor } from '../../../src/tensor/tensor';

/** The ways in which a tensor can be wrong. */
export const tensorKinds = ['type', 'dtype', 'rank', 'shape', 'disposed'] as const;
/** The ways in which any other argument can be wrong. */
export const plainKinds = ['type', 'value'] as const;
export type Kind = (typeof tensorKinds)[number] | (typeof plainKinds)[number];

/** Makes a value for a call, in whose scope it is called. */
export type Make = () => unknown;
/** Wrong values of one kind, or the reason why there are none. */
export type WrongOrReason = readonly Make[] | string;

export interface Argument {
  readonly name: string;
  /** Makes a right value. */
  readonly valid: Make;
  readonly wrong: Readonly<Partial<Record<Kind, WrongOrReason>>>;
  /** Whether the argument has a default. */
  readonly isOptional?: boolean;
  /** Other arguments that a message may name instead, if they do not fit together. */
  readonly partners?: readonly string[];
}

/** Adds partners to an argument: if they do not fit together, a message may name a partner. */
export function beside(argument: Argument, ...partners: string[]): Argument {
  return { ...argument, partners };
}

/** Whether an argument may be left out. null then means its default, as undefined does. */
type Presence = 'required' | 'optional';

const values = (...each: readonly unknown[]): Make[] => each.map((value) => () => value);

/** Values of wrong types; without null and undefined if the argument is optional. */
function foreign(presence: Presence, ...more: readonly unknown[]): Make[] {
  const absent = { required: [undefined, null], optional: [] }[presence];
  return values(...absent, 'nonsense', { some: 'object' }, () => 'nonsense', ...more);
}

const ALL: readonly DataType[] = ['float32', 'int32', 'bool'];
const HIGHEST_RANK = 6;
const ragged = [[1, 2], [3]];

/** A tensor of this shape: ones, but zeros for int32, which often are indices. */
export function filled(shape: readonly number[], dtype: DataType = 'float32'): Tensor {
  const fill = dtype === 'int32' ? 0 : 1;
  return makeTensor(new Float32Array(sizeOf(shape)).fill(fill), [...shape], dtype);
}

function disposed(shape: readonly number[], dtype: DataType): Tensor {
  const x = filled(shape, dtype);
  x.dispose();
  return x;
}

export interface TensorWants {
  readonly dtype?: DataType;
  /** The dtypes that the op takes; all by default. */
  readonly dtypes?: readonly DataType[];
  /** The ranks that the op takes; all by default. */
  readonly ranks?: readonly number[];
  /** Shapes that do not fit the other arguments; none by default. */
  readonly shapes?: readonly (readonly number[])[];
  readonly presence?: Presence;
}

/** Wrong tensors, or reasons why there are none, for each way in which a tensor can be wrong. */
function wrongTensors(
  shape: readonly number[],
  wants: TensorWants,
): Readonly<Record<Exclude<Kind, 'value' | 'type'>, WrongOrReason>> {
  const { dtype = 'float32', dtypes = ALL, ranks, shapes } = wants;
  const otherTypes = ALL.filter((each) => !dtypes.includes(each));
  const otherRanks = ranks
    ? Array.from({ length: HIGHEST_RANK + 1 }, (_, rank) => rank).filter((rank) => !ranks.includes(rank))
    : [];
  return {
    dtype: otherTypes.length > 0 ? otherTypes.map((each) => () => filled(shape, each)) : 'any dtype',
    rank:
      otherRanks.length > 0
        ? otherRanks.map((rank) => () => filled(new Array<number>(rank).fill(1), dtype))
        : 'any rank',
    shape: shapes
      ? shapes.map((each) => () => filled(each, dtype))
      : 'any shape, or the others do not fit it',
    disposed: [() => disposed(shape, dtype)],
  };
}

/** A tensor, or plain values in its place. */
export function tensor(name: string, shape: readonly number[], wants: TensorWants = {}): Argument {
  return {
    name,
    isOptional: wants.presence === 'optional',
    valid: () => filled(shape, wants.dtype),
    wrong: {
      type: foreign(wants.presence ?? 'required', ragged, ['nonsense']),
      ...wrongTensors(shape, wants),
    },
  };
}

/** A tensor; plain values are wrong. */
export function onlyTensor(name: string, shape: readonly number[], wants: TensorWants = {}): Argument {
  return {
    name,
    isOptional: wants.presence === 'optional',
    valid: () => filled(shape, wants.dtype),
    wrong: { type: foreign(wants.presence ?? 'required', 5, [1]), ...wrongTensors(shape, wants) },
  };
}

/** A list of tensors. In wrong values the second tensor is wrong. */
export function tensors(name: string, shape: readonly number[], wants: TensorWants = {}): Argument {
  const second = (makes: WrongOrReason): WrongOrReason =>
    typeof makes === 'string' ? makes : makes.map((make) => () => [filled(shape, wants.dtype), make()]);
  const { dtype, rank, shape: others, disposed } = wrongTensors(shape, wants);
  return {
    name,
    valid: () => [filled(shape, wants.dtype), filled(shape, wants.dtype)],
    wrong: {
      type: [...foreign('required', 5), ...(second(foreign('required', ragged)) as Make[])],
      dtype: second(dtype),
      rank: second(rank),
      shape: second(others),
      disposed: second(disposed),
    },
  };
}

/** A finite number. `wrong` lists numbers out of range. */
export function number(
  name: string,
  valid: number,
  wrong: WrongOrReason | readonly number[],
  presence: Presence = 'required',
): Argument {
  const out =
    typeof wrong === 'string' ? wrong : wrong.map((each) => (typeof each === 'number' ? () => each : each));
  return {
    name,
    isOptional: presence === 'optional',
    valid: () => valid,
    wrong: { type: foreign(presence, [1, 2]), value: out },
  };
}

/** An integer from `least` to `most`. */
export function integer(
  name: string,
  valid: number,
  {
    least,
    most,
    presence,
  }: { readonly least?: number; readonly most?: number; readonly presence?: Presence } = {},
): Argument {
  const out = [NaN, Infinity, 0.5];
  if (least !== undefined) out.push(least - 1);
  if (most !== undefined) out.push(most + 1);
  return number(name, valid, out, presence);
}

/** An axis of a tensor of some rank. */
export function axis(name: string, valid: number, rank: number, presence: Presence = 'optional'): Argument {
  return number(name, valid, [NaN, 0.5, rank, -rank - 1], presence);
}

/** One axis, or several without repetition. */
export function axes(name: string, rank: number, presence: Presence = 'optional'): Argument {
  return {
    name,
    isOptional: presence === 'optional',
    valid: () => [0],
    wrong: {
      type: foreign(presence, ['nonsense'], [null]),
      value: values(NaN, 0.5, rank, -rank - 1, [rank], [0, 0], [0.5]),
    },
  };
}

/** One of some strings. */
export function choice(name: string, valid: string, presence: Presence = 'optional'): Argument {
  const absent = { required: [undefined, null], optional: [] }[presence];
  return {
    name,
    isOptional: presence === 'optional',
    valid: () => valid,
    wrong: {
      type: values(...absent, 5, { some: 'object' }, () => 1, [valid]),
      value: values('nonsense', '', 'toString'),
    },
  };
}

/** A dtype. */
export const dataType = (presence: Presence = 'optional'): Argument => choice('dtype', 'float32', presence);

/** A boolean. */
export function flag(name: string): Argument {
  const reason = 'any value is true or false, as in a condition';
  return { name, isOptional: true, valid: () => false, wrong: { type: reason, value: reason } };
}

/** Any other value: a list of numbers, pairs, a function. `wrong` lists values of its type that are out of range. */
export function plain(
  name: string,
  valid: unknown,
  wrong: readonly unknown[] | string,
  presence: Presence = 'required',
): Argument {
  const type =
    typeof valid === 'function'
      ? foreign(presence).filter((make) => typeof make() !== 'function')
      : foreign(presence);
  return {
    name,
    isOptional: presence === 'optional',
    valid: () => valid,
    wrong: { type, value: typeof wrong === 'string' ? wrong : values(...wrong) },
  };
}

/** A shape, or another list of non-negative integers. */
export function extents(
  name: string,
  valid: readonly number[],
  wrong: readonly unknown[] = [],
  presence: Presence = 'required',
): Argument {
  return plain(name, valid, [[-2], [0.5], [NaN], ['nonsense'], [null], ...wrong], presence);
}

/** A window, stride or dilation: a positive integer, or two of them. */
export function pairOrNumber(name: string, valid: number, presence: Presence = 'required'): Argument {
  return plain(name, valid, [0, -1, 0.5, NaN, [1], [1, 2, 3], [1, 0], [1, 0.5], [1, 'nonsense']], presence);
}

/** A seed of the random number generator. */
export const seed: Argument = number('seed', 7, [NaN, Infinity], 'optional');

/** The arguments of an op, and how it is called if they are not passed one after another. */
export interface Row {
  readonly args: readonly Argument[];
  readonly call?: (f: (...args: unknown[]) => unknown, ...values: unknown[]) => unknown;
}

export type Rows = Readonly<Record<string, readonly Argument[] | Row>>;
