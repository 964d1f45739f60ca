import type { DataType } from '../../src/kernels';

/** A tensor as data, from which each library makes its own. */
export interface Operand {
  readonly dtype: DataType;
  readonly shape: readonly number[];
  /** Row-major; those of float32 are exact in it. */
  readonly values: readonly number[];
}

/** An argument of an op, whose tensors are operands. */
export type Argument =
  | Operand
  | number
  | string
  | boolean
  | null
  | undefined
  | readonly Argument[]
  | { readonly [name: string]: Argument };

export function isOperand(argument: Argument): argument is Operand {
  return typeof argument === 'object' && argument !== null && 'dtype' in argument && 'values' in argument;
}

/** All operands of some arguments, in the order they are written. */
export function operandsOf(argument: Argument): Operand[] {
  if (typeof argument !== 'object' || argument === null) return [];
  if (isOperand(argument)) return [argument];
  const inner: readonly Argument[] = Array.isArray(argument) ? argument : Object.values(argument);
  return inner.flatMap(operandsOf);
}

/** The arguments with each operand replaced. */
export function withTensors(argument: Argument, make: (operand: Operand) => unknown): unknown {
  if (typeof argument !== 'object' || argument === null) return argument;
  if (isOperand(argument)) return make(argument);
  if (Array.isArray(argument)) return argument.map((each: Argument) => withTensors(each, make));
  return Object.fromEntries(Object.entries(argument).map(([name, each]) => [name, withTensors(each, make)]));
}

/** Options of an op. */
export type Options = Readonly<Record<string, Argument>>;

/**
 * The options of a fused op for its gradient. At 6 the gradient of relu6 differs (docs/from-tensorflow.md): a bias with thirds keeps sums of
 * multiples of a power of two away from it.
 */
export function besideKink(options: Options, bias: Operand): Options {
  if (options.activation !== 'relu6') return options;
  return { ...options, bias: { ...bias, values: bias.values.map((value) => Math.fround(value + 1 / 3)) } };
}
