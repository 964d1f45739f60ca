import type { Observable } from 'rxjs';
import { permutation } from '../../tensor/permutation';
import { withEmittedNumbers } from '../data/emitted-numbers';
import type { Example, ExampleDataLike } from '../data/example-types';
import { assertSeed, wrongGiven } from '../checks/arguments';
import { newIdentity } from '../identity';
import { itemsOf } from '../pulling/items';
import { pulled, pullOptions, type PullOptions, type Supply } from '../pulling/pull';
import { rowsOf, type Rows } from '../data/rows';
import type { Place } from '../trail';
import { adoptUnowned } from '../ownership/unowned-tensors';
import { assertOptions, type OptionNames } from '../../tensor/options';

/** How often, in which order and from where {@link examples} emits its data. */
export interface ExamplesOptions extends PullOptions {
  /**
   * How often all data is emitted; 1 when left out. An iterable is asked for a new iterator each time. A generator can be gone through only once: for
   * more, give an object that makes one, `{ [Symbol.iterator]: () => rows() }`.
   */
  readonly epochs?: number;
  /** Whether each epoch has its own random order: a permutation of all data, which (seed, epoch) determine, without a buffer. Not for iterables. */
  readonly shuffle?: boolean;
  /** The seed of the shuffle; 0 when left out. */
  readonly seed?: number;
  /** How many examples of the whole sequence to skip, so that a run continues where another one stopped. Not for iterables. */
  readonly startAt?: number;
}

export const examplesOptions: OptionNames<ExamplesOptions> = {
  ...pullOptions,
  ...{ epochs: 1, shuffle: 1, seed: 1, startAt: 1 },
};

/**
 * A source of examples, one for each emission: from typed arrays, arrays, tensors, arrays with a shape ({@link HostArray}), objects of such
 * columns, iterables and async iterables. It has back-pressure: it makes the next example when earlier emissions are finished, so that
 * nothing queues up. It yields to the page every few milliseconds.
 *
 * The caller keeps arrays and tensors, and they are not copied: a row of a typed array with a shape is a view. A row of a tensor lives until
 * its emission ends. The source owns the tensors that an iterator yields and frees them, except those that were given to {@link keep}.
 *
 * ```text
 *  examples([a, b, c])                  --a--b--c|
 *  examples([a, b], {epochs: 2})        --a--b--a--b|
 * ```
 *
 * @throws when an option is invalid or columns differ in length; as error notifications, the error that an iterator throws, and that an iterable has
 *   no values in a later epoch
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const images = { values: new Uint8Array(4 * 6), shape: [4, 2, 3] };
 * dl.examples({ xs: images, ys: [7, 2, 1, 0] }, { epochs: 2, shuffle: true, seed: 3 })
 *   .pipe(dl.batch(2))
 *   .subscribe(({ xs, ys }) => console.log(xs.shape, ys.shape)); // [2, 2, 3] [2], four times
 * ```
 */
export function examples<D extends ExampleDataLike<D>>(
  data: D,
  options: ExamplesOptions = {},
): Observable<Example<D>> {
  const name = 'examples';
  assertOptions<ExamplesOptions>(name, options, examplesOptions);
  const { epochs = 1, shuffle = false, seed = 0, startAt = 0 } = options;
  if (!(epochs === Infinity || (Number.isInteger(epochs) && epochs >= 0))) {
    throw wrongGiven(name, "option 'epochs'", epochs, 'a non-negative integer, or Infinity');
  }
  if (!Number.isInteger(startAt) || startAt < 0) {
    throw wrongGiven(name, "option 'startAt'", startAt, 'a non-negative integer');
  }
  assertSeed(name, seed);
  if (isIterable(data)) {
    if (shuffle || startAt > 0) {
      throw new Error(
        `${name}: option '${shuffle ? 'shuffle' : 'startAt'}' is given with an iterable, whose length is unknown; ` +
          'wanted arrays, or the operator shuffle(buffer) below it',
      );
    }
    const supply =
      Symbol.asyncIterator in data
        ? () => iteratedLater(data, epochs)
        : () => iterated(data as Iterable<unknown>, epochs);
    return pulled(name, supply, options) as Observable<Example<D>>;
  }
  const rows = rowsOf(data);
  const stream = pulled(name, () => indexed(rows, { epochs, shuffle, seed, startAt }), options);
  return withEmittedNumbers(stream as Observable<Example<D>>, () => rows.numbers ?? 'float32');
}

function isIterable(data: unknown): data is Iterable<unknown> | AsyncIterable<unknown> {
  if (typeof data !== 'object' || data === null || Array.isArray(data) || ArrayBuffer.isView(data))
    return false;
  return Symbol.iterator in data || Symbol.asyncIterator in data;
}

function indexed(
  rows: Rows,
  { epochs, shuffle, seed, startAt }: { epochs: number; shuffle: boolean; seed: number; startAt: number },
): Supply<unknown> {
  const { length } = rows;
  let epoch = length === 0 ? epochs : Math.floor(startAt / length);
  let position = length === 0 ? 0 : startAt % length;
  let order: Uint32Array | null = null;
  const source = newIdentity();
  return {
    when: 'at once',
    origin: () => ({
      place: { source, position: epoch * length + position, length, epochs, obstacle: null },
    }),
    next: () => {
      if (epoch >= epochs) return { done: true, value: undefined };
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

/** Counts the epochs of an iterable. */
class EpochCount {
  readonly #source = newIdentity();
  #epoch = 0;
  #isEmpty = true;
  #position = 0;
  /** Known when the first epoch is over. */
  #length: number | null = null;

  constructor(private readonly epochs: number) {}

  get isOver(): boolean {
    return this.#epoch >= this.epochs;
  }

  sawValue(): void {
    this.#isEmpty = false;
    this.#position++;
  }

  readonly origin = (): { place: Place } => ({
    place: {
      source: this.#source,
      position: this.#position,
      length: this.#length,
      epochs: this.epochs,
      obstacle:
        'examples() goes through an iterable, which cannot begin in the middle; give it arrays or tensors',
    },
  });

  /**
   * An empty iterable ends the stream: repeating it would never end.
   *
   * @throws when it had values before, as a generator has
   */
  sawEnd(): void {
    if (this.#isEmpty && this.#epoch > 0) {
      throw new Error(
        `examples: option 'epochs' is ${this.epochs}, but the iterable has no values after epoch ${this.#epoch}; wanted one that begins anew: ` +
          '{ [Symbol.iterator]: () => rows() } in place of the generator rows()',
      );
    }
    this.#epoch = this.#isEmpty ? this.epochs : this.#epoch + 1;
    this.#length ??= this.#position;
    this.#isEmpty = true;
  }
}

/** Emits an iterable in every epoch; closes the iterator when the subscription ends. */
function iterated(data: Iterable<unknown>, epochs: number): Supply<unknown> {
  const count = new EpochCount(epochs);
  let iterator: Iterator<unknown> | null = null;
  return {
    when: 'at once',
    origin: count.origin,
    next: () => {
      while (!count.isOver) {
        const active = (iterator ??= data[Symbol.iterator]());
        // An iterator that has thrown, or is done, must not be closed.
        iterator = null;
        const item = active.next();
        if (!item.done) {
          iterator = active;
          count.sawValue();
          adoptUnowned(item.value);
          return item;
        }
        count.sawEnd();
      }
      return { done: true, value: undefined };
    },
    close: () => {
      iterator?.return?.();
    },
  };
}

/** Like {@link iterated}, for async iterables. */
function iteratedLater(data: AsyncIterable<unknown>, epochs: number): Supply<unknown> {
  const count = new EpochCount(epochs);
  const items = itemsOf(data);
  return {
    ...items,
    origin: count.origin,
    next: async () => {
      while (!count.isOver) {
        const item = await items.next();
        if (!item.done) {
          count.sawValue();
          return item;
        }
        count.sawEnd();
      }
      return { done: true, value: undefined };
    },
  };
}
