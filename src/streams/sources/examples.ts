import type { Observable } from 'rxjs';
import { isPlainObject } from '../../tensor/container';
import { slice } from '../../tensor/ops/slice';
import { reshape } from '../../tensor/ops/reshape';
import { permutation } from '../../tensor/permutation';
import { Tensor } from '../../tensor/tensor';
import type { TypedArrayLike } from '../../tensor/tensor-like';
import { isHostArray, type HostArray } from '../host-array';
import { pulled, type PullOptions, type Supply } from '../pull';

/** A column of a table: one row of it for each example. */
export type ExampleColumn = TypedArrayLike | HostArray | Tensor | readonly unknown[];

/** Columns of one length, by name. */
export type ExampleTable = Readonly<Record<string, ExampleColumn>>;

/** Where examples come from. */
export type ExampleData = ExampleColumn | ExampleTable | Iterable<unknown> | AsyncIterable<unknown>;

/** What one example of such data is. */
export type Example<D> = D extends HostArray
  ? HostArray | number
  : D extends Tensor
    ? Tensor
    : D extends TypedArrayLike
      ? number
      : D extends Iterable<infer T> | AsyncIterable<infer T>
        ? T
        : { [K in keyof D]: Example<D[K]> };

export interface ExamplesOptions extends PullOptions {
  /** How often the data is gone through; 1 when left out. An iterable is asked for a new iterator each time. */
  readonly epochs?: number;
  /** Whether each epoch has an order of its own, drawn exactly (without a buffer) from (seed, epoch). Not for iterables. */
  readonly shuffle?: boolean;
  /** Of the shuffle; 0 when left out. */
  readonly seed?: number;
  /** How many examples of the whole sequence to leave out, so that a run continues where another one stopped. Not for iterables. */
  readonly startAt?: number;
}

/**
 * A source of examples, one an emission: from typed arrays, arrays, tensors, arrays with a shape ({@link HostArray}), objects of such
 * columns, iterables and async iterables. It pulls: the next example is made when those before have been dealt with, so that nothing
 * queues, and it leaves the page its turn every few milliseconds.
 *
 * Arrays and tensors stay the caller's and are not copied: a row of a typed array with a shape is a view. A row of a tensor lives until
 * its emission ends.
 *
 * ```text
 *  examples([a, b, c])                  --a--b--c|
 *  examples([a, b], {epochs: 2})        --a--b--a--b|
 * ```
 *
 * @throws when an option is impossible or columns differ in length; as an error notification, what an iterator throws
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const images = { values: new Uint8Array(4 * 6), shape: [4, 2, 3] };
 * dl.examples({ xs: images, ys: [7, 2, 1, 0] }, { epochs: 2, shuffle: true, seed: 3 })
 *   .pipe(dl.batch(2))
 *   .subscribe(({ xs, ys }) => console.log(xs.shape, ys.shape)); // [2, 2, 3] [2], four times
 * ```
 */
export function examples<const D extends ExampleData>(data: D, options: ExamplesOptions = {}): Observable<Example<D>> {
  const name = 'examples';
  const { epochs = 1, shuffle = false, seed = 0, startAt = 0 } = options;
  if (!(epochs === Infinity || (Number.isInteger(epochs) && epochs >= 0))) {
    throw new Error(`${name}: option 'epochs' is ${epochs}; wanted a non-negative integer, or Infinity`);
  }
  if (!Number.isInteger(startAt) || startAt < 0) {
    throw new Error(`${name}: option 'startAt' is ${startAt}; wanted a non-negative integer`);
  }
  if (isIterable(data)) {
    if (shuffle || startAt > 0) {
      throw new Error(
        `${name}: option '${shuffle ? 'shuffle' : 'startAt'}' is given with an iterable, whose length nobody knows; ` +
          'wanted arrays, or the operator shuffle(buffer) below it',
      );
    }
    return pulled(name, () => iterated(data, epochs), options) as Observable<Example<D>>;
  }
  const rows = rowsOf(data, name);
  return pulled(name, () => indexed(rows, { epochs, shuffle, seed, startAt }), options) as Observable<Example<D>>;
}

interface Rows {
  readonly length: number;
  readonly at: (index: number) => unknown;
}

function isIterable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || ArrayBuffer.isView(data)) return false;
  return Symbol.iterator in data || Symbol.asyncIterator in data;
}

/** Random access to the rows of a column, or of a table of columns. */
function rowsOf(data: unknown, path: string): Rows {
  if (data instanceof Tensor) return tensorRows(data);
  if (isHostArray(data)) return hostRows(data);
  if (Array.isArray(data)) return { length: data.length, at: (index) => data[index] as unknown };
  if (ArrayBuffer.isView(data) && !(data instanceof DataView)) {
    const values = data as TypedArrayLike;
    return { length: values.length, at: (index) => values[index] };
  }
  if (isPlainObject(data)) return tableRows(data);
  throw new Error(
    `examples: argument 'data' (${path}) is ${data === null ? 'null' : typeof data}; wanted arrays, tensors, objects of them, or an iterable`,
  );
}

function hostRows({ values, shape }: HostArray): Rows {
  const [length, ...rest] = shape;
  if (length === undefined) throw new Error("examples: argument 'data' has an array of shape []; wanted at least one axis");
  const size = rest.reduce((product, extent) => product * extent, 1);
  if (values.length !== length * size) {
    throw new Error(
      `examples: argument 'data' has an array of ${values.length} values with shape [${shape.join(',')}]; wanted ${length * size} values`,
    );
  }
  if (rest.length === 0) return { length, at: (index) => values[index] };
  return { length, at: (index) => ({ values: values.subarray(index * size, (index + 1) * size), shape: rest }) };
}

function tensorRows(tensor: Tensor): Rows {
  if (tensor.rank === 0) throw new Error("examples: argument 'data' has a scalar tensor; wanted at least one axis");
  const rest = tensor.shape.slice(1) as number[];
  const begin = new Array<number>(tensor.rank).fill(0);
  return {
    length: tensor.shape[0]!,
    at: (index) => {
      tensor.assertUsable('examples', 'data');
      const row = slice(tensor, [index, ...begin.slice(1)], [1, ...rest]);
      return reshape(row, rest);
    },
  };
}

function tableRows(table: Record<string, unknown>): Rows {
  const columns = Object.entries(table).map(([key, column]) => ({ key, rows: rowsOf(column, key) }));
  const [first] = columns;
  if (!first) throw new Error("examples: argument 'data' is an object without columns; wanted at least one");
  for (const { key, rows } of columns) {
    if (rows.length !== first.rows.length) {
      throw new Error(
        `examples: argument 'data' has ${rows.length} rows in '${key}' and ${first.rows.length} in '${first.key}'; wanted as many in each`,
      );
    }
  }
  return {
    length: first.rows.length,
    at: (index) => Object.fromEntries(columns.map(({ key, rows }) => [key, rows.at(index)])),
  };
}

function indexed(
  rows: Rows,
  { epochs, shuffle, seed, startAt }: { epochs: number; shuffle: boolean; seed: number; startAt: number },
): Supply<unknown> {
  const { length } = rows;
  let epoch = length === 0 ? epochs : Math.floor(startAt / length);
  let position = length === 0 ? 0 : startAt % length;
  let order: Uint32Array | null = null;
  return {
    next: () => {
      if (epoch >= epochs || length === 0) return { done: true, value: undefined };
      if (shuffle) order ??= permutation(length, seed, epoch);
      const value = rows.at(order ? order[position]! : position);
      if (++position === length) {
        position = 0;
        epoch++;
        order = null;
      }
      return { done: false, value };
    },
  };
}

/** Goes through an iterable again and again; closes the iterator when nothing more is wanted. */
function iterated(data: Iterable<unknown> | AsyncIterable<unknown>, epochs: number): Supply<unknown> {
  let epoch = 0;
  let isEmpty = true;
  let iterator: Iterator<unknown> | AsyncIterator<unknown> | null = null;
  const open = (): Iterator<unknown> | AsyncIterator<unknown> =>
    Symbol.asyncIterator in data ? data[Symbol.asyncIterator]() : data[Symbol.iterator]();
  const again = (item: IteratorResult<unknown, unknown>): ReturnType<Supply<unknown>['next']> => {
    if (!item.done) {
      isEmpty = false;
      return item;
    }
    iterator = null;
    // Going through nothing again and again would never end.
    epoch = isEmpty ? epochs : epoch + 1;
    isEmpty = true;
    return next();
  };
  const next = (): ReturnType<Supply<unknown>['next']> => {
    if (epoch >= epochs) return { done: true, value: undefined };
    iterator ??= open();
    const item = iterator.next();
    return item instanceof Promise ? item.then(again) : again(item as IteratorResult<unknown, unknown>);
  };
  return {
    next,
    close: () => {
      void iterator?.return?.();
      iterator = null;
    },
  };
}
