import type { BlockSupply } from './block-source';
import { CollectedRows, emptyColumns, type ColumnValues, type Run, type Table } from './columns';

/**
 * The same rows in random order: each incoming row replaces a row drawn at random from the `buffer` rows that are held.
 *
 * @param draw returns a random integer from 0 to its argument − 1
 */
export function shuffledRows(
  blocks: BlockSupply,
  buffer: number,
  draw: (bound: number) => number,
): BlockSupply {
  let held: CollectedRows | null = null;
  const out = new Scratch();

  /** Takes a row in and gives a random row out, for each incoming row. */
  const exchange = (come: Run, { columns: kept, count }: CollectedRows): Run => {
    const length = come.to - come.from;
    const places = new Uint32Array(length);
    for (let i = 0; i < length; i++) places[i] = draw(count + 1);
    const given = out.columnsFor(come.table, length);
    come.columns.forEach((values, column) => {
      exchangeValues(places, count, values, come.from, kept[column]!, given[column]!);
    });
    return { table: come.table, columns: given, from: 0, to: length };
  };

  /** Gives out the held rows in random order when no more rows come. */
  const drain = (all: CollectedRows, limit: number): Run | null => {
    const length = Math.min(limit, all.count);
    if (length === 0) return null;
    const places = new Uint32Array(length);
    for (let i = 0; i < length; i++) places[i] = draw(all.count - i);
    const given = out.columnsFor(all.table, length);
    all.columns.forEach((values, column) => drainValues(places, all.count, values, given[column]!));
    all.count -= length;
    return { table: all.table, columns: given, from: 0, to: length };
  };

  return {
    take: (limit) => {
      while (!held || held.count < buffer) {
        const first = blocks.take(buffer - (held?.count ?? 0));
        if (!first) break;
        held ??= new CollectedRows(first.table);
        held.add(first);
      }
      if (!held) return null;
      const come = held.count === buffer ? blocks.take(limit) : null;
      if (come) return exchange(come, held);
      return blocks.isOver() ? drain(held, limit) : null;
    },
    isOver: () => blocks.isOver() && (held?.count ?? 0) === 0,
    more: blocks.more,
    extent: blocks.extent,
    close: () => {
      held = null;
      blocks.close();
    },
  };
}

/** Columns for the output. Every run uses the same ones. */
class Scratch {
  #columns: ColumnValues[] = [];
  #room = 0;

  columnsFor(table: Table, rows: number): ColumnValues[] {
    if (rows > this.#room) {
      this.#room = rows;
      this.#columns = emptyColumns(table, rows);
    }
    return this.#columns;
  }
}

/** For one column: each incoming value replaces the held value at its drawn place, which is output. Place `count` outputs the incoming value. */
function exchangeValues(
  places: Uint32Array,
  count: number,
  come: ColumnValues,
  from: number,
  held: ColumnValues,
  given: ColumnValues,
): void {
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    const value = come[from + i]!;
    if (place === count) {
      given[i] = value;
    } else {
      given[i] = held[place]!;
      held[place] = value;
    }
  }
}

/** For one column: outputs the value at each place; the last held value then takes that place. */
function drainValues(places: Uint32Array, count: number, held: ColumnValues, given: ColumnValues): void {
  for (let i = 0; i < places.length; i++) {
    const place = places[i]!;
    given[i] = held[place]!;
    held[place] = held[count - 1 - i]!;
  }
}
