import type { Tensor } from '../../tensor';
import type { DataType } from '../../kernels';
import type { AttributeValue, Attributes } from '../graph/graph';

/** No list of tensors is longer. */
export const MOST_ITEMS = 10_000;

/** What an op of a model is computed from. */
export interface NodeCall {
  /** The values of its inputs, in order. */
  readonly x: readonly Tensor[];
  /** The numbers in input i, read on the host. The row must list it in `host`. */
  readonly numbers: (i: number) => readonly number[];
  /** The settings of the node. */
  readonly attributes: NodeAttributes;
}

/** An op of models, made of ops of this library. */
export interface OpRow {
  /** Computes the outputs of a node. */
  readonly run: (call: NodeCall) => Tensor | readonly Tensor[];
  /** The inputs whose numbers decide shapes or axes: the host reads them, once if they are the same for all inputs of the model. −1: the last. */
  readonly host?: readonly number[];
  /** The number of elements of the result, for an op whose numbers may ask for any: it is checked before anything is allocated. */
  readonly size?: (call: NodeCall) => number;
  /** Whether the result depends on the shapes of the inputs alone. */
  readonly ofShape?: true;
  /** Whether the shape of the result depends on values. */
  readonly shapedByValues?: true;
}

/** Ops of models, by name. */
export type OpTable = Readonly<Record<string, OpRow>>;

/** A row that applies a function to its first input. */
export const unary = (f: (x: Tensor) => Tensor): OpRow => ({ run: ({ x }) => f(x[0]!) });
/** A row that applies a function to its first two inputs. */
export const binary = (f: (a: Tensor, b: Tensor) => Tensor): OpRow => ({ run: ({ x }) => f(x[0]!, x[1]!) });

/** Rows of another format's table, under the names that they have in this one. */
export const rowsOf = (table: OpTable, names: Readonly<Record<string, string>>): OpTable =>
  Object.fromEntries(Object.entries(names).map(([name, op]) => [name, table[op]!]));

/**
 * Reads the attributes of a node, with the defaults of the op.
 *
 * @example
 * ```ts
 * import type { OpTable } from 'rxtensor/models';
 * const ops: OpTable = { Total: { run: ({ x, attributes }) => x[0]!.sum(attributes.number('axis', 0)) } };
 * console.log(Object.keys(ops));
 * ```
 */
export class NodeAttributes {
  constructor(
    private readonly given: Attributes,
    private readonly node: string,
  ) {}

  /** All of them, by name. */
  all(): Readonly<Record<string, AttributeValue>> {
    return Object.fromEntries(this.given);
  }

  /** An attribute that is a number, or `otherwise`. */
  number(name: string, otherwise: number): number {
    return this.#read(name, 'a number', otherwise, (value) => typeof value === 'number');
  }

  /** An attribute that is a text, or `otherwise`. */
  text(name: string, otherwise: string): string {
    return this.#read(name, 'a text', otherwise, (value) => typeof value === 'string');
  }

  /** An attribute that is true or false; false where it is missing. */
  flag(name: string): boolean {
    return this.#read(name, 'true or false', false, (value) => typeof value === 'boolean');
  }

  /** An attribute that is a list of numbers; empty where it is missing. */
  numbers(name: string): readonly number[] {
    return this.#read(name, 'numbers', [] as readonly number[], isListOf('number'));
  }

  /** An attribute that is a list of texts; empty where it is missing. */
  texts(name: string): readonly string[] {
    return this.#read(name, 'texts', [] as readonly string[], isListOf('string'));
  }

  /** An attribute that names a type of elements. */
  dtype(name: string): DataType {
    const isKnown = (value: unknown): boolean => ['float32', 'int32', 'bool'].includes(value as string);
    return this.#read(name, 'float32, int32 or bool', 'float32', isKnown);
  }

  #read<T>(name: string, wanted: string, otherwise: T, fits: (value: AttributeValue) => boolean): T {
    const value = this.given.get(name);
    if (value === undefined) return otherwise;
    if (fits(value)) return value as T;
    throw new Error(
      `attribute '${name}' of node '${this.node}' is ${JSON.stringify(value)}; wanted ${wanted}`,
    );
  }
}

/** @throws for images with their channels in front, where an op cannot take them */
export function assertChannelsLast(attributes: NodeAttributes): void {
  const format = attributes.text('data_format', 'NHWC');
  if (format !== 'NHWC') throw new Error(`attribute 'data_format' is '${format}'; wanted 'NHWC'`);
}

function isListOf(type: string) {
  return (value: AttributeValue): boolean =>
    Array.isArray(value) && value.every((each) => typeof each === type);
}
