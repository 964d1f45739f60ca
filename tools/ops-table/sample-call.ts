/** What docs/ops.md is measured by: one op called with arguments of each kind. */
import type { Tensor } from '../../src/tensor';
import type { GradientRow } from '../../test/support/gradient-rows';
import {
  mapped,
  reference,
  toTensor,
  type Reference,
  type ReferenceLike,
} from '../../test/support/reference';

/** A call to run, or the reason why there is none. */
export type CallOrReason = (() => unknown) | string;

export interface SampleCall {
  /** With float32 where the op takes it. */
  readonly call: () => unknown;
  /** The same with int32 in place of float32. */
  readonly int32: CallOrReason;
  /** With no elements in what the op works on. */
  readonly empty: CallOrReason;
  /** Where the gradient is taken, or why there is none. */
  readonly gradient: GradientRow | string;
}

/** What is known of an op and does not follow from how it is called with float32. */
export type Overrides = Partial<Omit<SampleCall, 'call'>>;

type OfTensors = (...inputs: Tensor[]) => unknown;

/** The sample call of a function of tensors: the other kinds of arguments follow from the first. */
export function callOf(
  f: OfTensors,
  at: readonly ReferenceLike[],
  overrides: Overrides & Pick<SampleCall, 'gradient'>,
): SampleCall {
  const inputs = at.map(reference);
  // Operands of one shape lose their elements together; otherwise the first input does: the others are filters, indices, weights.
  const alike = inputs.every(({ shape }) => shape.join() === inputs[0]?.shape.join());
  return {
    call: () => f(...inputs.map((x) => toTensor(x))),
    int32: () => f(...inputs.map((x) => toTensor(mapped(x, Math.round), 'int32'))),
    empty: () => f(...inputs.map((x, i) => toTensor(i === 0 || alike ? withoutElements(x) : x))),
    ...overrides,
  };
}

/** The first axis cut down to nothing; a scalar stays what it is. */
function withoutElements({ shape, values }: Reference): Reference {
  return shape.length === 0 ? { shape, values } : { shape: [0, ...shape.slice(1)], values: [] };
}

/** The sample call of a function that makes tensors of no other: how it makes each kind is said three times. */
export function makingCall(
  call: () => unknown,
  int32: CallOrReason,
  empty: CallOrReason,
  gradient: string,
): SampleCall {
  return { call, int32, empty, gradient };
}
