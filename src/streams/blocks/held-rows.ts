/** The rows that a shuffle holds, each in one piece of memory: taking one out at random waits for memory once, not once for each column. */
import type { ColumnValues, Run, Table } from './columns';

/** A column in the memory of all rows: the value of row i is at `i * stride + offset`. */
interface Spread {
  readonly values: ColumnValues;
  readonly stride: number;
  readonly offset: number;
}

/** The initial capacity, in rows. */
const FIRST_ROOM = 1024;

export class HeldRows {
  count = 0;
  #room = 0;
  #columns: readonly Spread[];
  /** How many columns have numbers. A bool takes four bytes as well. */
  readonly #stride: number;

  constructor(readonly table: Table) {
    this.#stride = table.types.filter((type) => type !== 'string').length;
    this.#columns = table.types.map(() => ({ values: [], stride: 1, offset: 0 }));
  }

  add({ columns, from, to }: Run): void {
    const count = this.count + to - from;
    if (count > this.#room) this.#grow(Math.max(count, FIRST_ROOM, 2 * this.#room));
    this.#columns.forEach(({ values, stride, offset }, column) => {
      const come = columns[column]!;
      let at = this.count * stride + offset;
      for (let row = from; row < to; row++, at += stride) values[at] = come[row]!;
    });
    this.count = count;
  }

  /** Each row that comes replaces the held one at its place, which is given. At place `count` the row that comes is given. */
  exchange(places: Uint32Array, come: Run, given: readonly ColumnValues[]): void {
    this.#columns.forEach((kept, column) =>
      exchangeValues(places, this.count, come.columns[column]!, come.from, kept, given[column]!),
    );
  }

  /** Gives the row at each place; the last held row then takes that place. */
  drain(places: Uint32Array, given: readonly ColumnValues[]): void {
    this.#columns.forEach((kept, column) => drainValues(places, this.count, kept, given[column]!));
    this.count -= places.length;
  }

  #grow(room: number): void {
    this.#room = room;
    const memory = new Int32Array(room * this.#stride);
    const before = this.#columns.find(({ values }) => !Array.isArray(values))?.values as
      Int32Array | undefined;
    if (before) memory.set(new Int32Array(before.buffer));
    let numbers = 0;
    this.#columns = this.table.types.map((type, column) => {
      if (type === 'string') return this.#columns[column]!;
      const values = type === 'float32' ? new Float32Array(memory.buffer) : memory;
      return { values, stride: this.#stride, offset: numbers++ };
    });
  }
}

function exchangeValues(
  places: Uint32Array,
  count: number,
  come: ColumnValues,
  from: number,
  { values, stride, offset }: Spread,
  given: ColumnValues,
): void {
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const value = come[from + i]!;
    if (place === count) {
      given[i] = value;
    } else {
      const at = place * stride + offset;
      given[i] = values[at]!;
      values[at] = value;
    }
  }
}

function drainValues(
  places: Uint32Array,
  count: number,
  { values, stride, offset }: Spread,
  given: ColumnValues,
): void {
  for (let i = 0; i < places.length; i++) {
    const at = places[i]! * stride + offset;
    given[i] = values[at]!;
    values[at] = values[(count - 1 - i) * stride + offset]!;
  }
}
