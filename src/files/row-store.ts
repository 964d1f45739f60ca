/** Rows that have been read and not yet taken, in typed columns. */
import type { BlockSupply } from '../streams/blocks/block-source';
import { copyRows, emptyColumns, grown, type ColumnValues, type Table } from '../streams/blocks/columns';

/** The initial capacity of a block, in rows. */
const FIRST_ROOM = 8;

export interface RowStore extends Pick<BlockSupply, 'take'> {
  /** The columns to write the next row to. They change with {@link begin} and {@link makeRoom}. */
  readonly values: () => readonly ColumnValues[];
  /** The place of the next row in the columns. */
  readonly row: () => number;
  /** Makes room for a row; it may be called again before the row is complete. */
  readonly begin: () => void;
  /** The row is complete. */
  readonly end: () => void;
  /** Begins a new block in the memory of the last one, all of whose complete rows must have been taken. Gives their number. */
  readonly makeRoom: () => number;
}

export function rowStore(table: Table): RowStore {
  let values: ColumnValues[] = emptyColumns(table, 0);
  let room = 0;
  /** How many rows are complete, and how many of them have been taken. */
  let rows = 0;
  let taken = 0;
  return {
    values: () => values,
    row: () => rows,
    begin: () => {
      if (rows < room) return;
      room = Math.max(FIRST_ROOM, 2 * room);
      values = grown(table, values, room);
    },
    end: () => {
      rows++;
    },
    take: (limit) => {
      if (taken === rows) return null;
      const from = taken;
      taken = Math.min(rows, from + limit);
      return { table, columns: values, from, to: taken };
    },
    makeRoom: () => {
      // The record that is half read comes after them.
      if (rows > 0 && rows < room) copyRows({ table, columns: values, from: rows, to: rows + 1 }, values, 0);
      const before = rows;
      rows = taken = 0;
      return before;
    },
  };
}
