import type { BlockSupply } from '../../streams/blocks/block-source';
import { emptyColumns, type Run } from '../../streams/blocks/columns';

/**
 * Each row as often as a function says: never, once, or several times one after the other.
 *
 * @param begin gives, for a run, how often each of its rows is passed on; it is called for all runs in order
 */
export function chosenRows(blocks: BlockSupply, begin: (run: Run) => (row: number) => number): BlockSupply {
  let held: Run | null = null;
  return {
    ...blocks,
    take: (limit) => {
      while (!held) {
        const run = blocks.take(limit);
        if (!run) return null;
        held = chosen(run, begin(run));
      }
      const to = Math.min(held.to, held.from + limit);
      const given = { ...held, to };
      held = to === held.to ? null : { ...held, from: to };
      return given;
    },
    isOver: () => !held && blocks.isOver(),
    // How many rows there will be is unknown.
    extent: () => ({ ...blocks.extent(), length: null }),
    close: () => {
      held = null;
      blocks.close();
    },
  };
}

/** Null if no row is chosen. */
function chosen({ table, columns, from, to }: Run, timesOf: (row: number) => number): Run | null {
  const rows: number[] = [];
  for (let row = from; row < to; row++) for (let times = timesOf(row); times > 0; times--) rows.push(row);
  if (rows.length === 0) return null;
  const picked = emptyColumns(table, rows.length);
  columns.forEach((values, i) => {
    const into = picked[i] as (number | string)[];
    for (let at = 0; at < rows.length; at++) into[at] = values[rows[at]!]!;
  });
  return { table, columns: picked, from: 0, to: rows.length };
}
