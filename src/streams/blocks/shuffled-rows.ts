import type { BlockSupply } from './block-source';
import { emptyColumns, type ColumnValues, type Run, type Table } from './columns';
import { HeldRows } from './held-rows';

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
  let held: HeldRows | null = null;
  const out = new Scratch();

  /** Takes a row in and gives a random row out, for each incoming row. */
  const exchange = (come: Run, kept: HeldRows): Run => {
    const length = come.to - come.from;
    const places = new Uint32Array(length);
    for (let i = 0; i < length; i++) places[i] = draw(kept.count + 1);
    const given = out.columnsFor(come.table, length);
    kept.exchange(places, come, given);
    return { table: come.table, columns: given, from: 0, to: length };
  };

  /** Gives out the held rows in random order when no more rows come. */
  const drain = (all: HeldRows, limit: number): Run | null => {
    const length = Math.min(limit, all.count);
    if (length === 0) return null;
    const places = new Uint32Array(length);
    for (let i = 0; i < length; i++) places[i] = draw(all.count - i);
    const given = out.columnsFor(all.table, length);
    all.drain(places, given);
    return { table: all.table, columns: given, from: 0, to: length };
  };

  return {
    take: (limit) => {
      while (!held || held.count < buffer) {
        const first = blocks.take(buffer - (held?.count ?? 0));
        if (!first) break;
        held ??= new HeldRows(first.table);
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
