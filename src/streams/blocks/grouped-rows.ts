import type { BlockSupply } from './block-source';
import { CollectedRows, type Run } from './columns';

/**
 * The same rows in groups of `size`. A group is passed on when it is complete.
 *
 * @param dropRemainder whether an incomplete last group is left out
 * @param check called with the first rows
 */
export function groupedRows(
  blocks: BlockSupply,
  size: number,
  dropRemainder: boolean,
  check: (run: Run) => void,
): BlockSupply {
  let group: CollectedRows | null = null;
  let isFull = false;
  let taken = 0;
  /** Collects the rows that are loaded. */
  const fill = (): void => {
    while (!isFull) {
      const run = blocks.take(group ? size - group.count : size);
      if (!run) {
        isFull = blocks.isOver() && (group?.count ?? 0) > 0 && !dropRemainder;
        return;
      }
      if (group?.table !== run.table) {
        check(run);
        group = new CollectedRows(run.table);
      }
      group.add(run);
      isFull = group.count === size;
    }
  };
  return {
    take: (limit) => {
      if (!isFull) fill();
      if (!group || !isFull) return null;
      const from = taken;
      taken = Math.min(group.count, from + limit);
      const run = { table: group.table, columns: group.columns, from, to: taken };
      if (taken === group.count) {
        taken = 0;
        group.count = 0;
        isFull = false;
      }
      return run;
    },
    isOver: () => !isFull && blocks.isOver(),
    more: blocks.more,
    extent: blocks.extent,
    close: () => {
      group = null;
      isFull = false;
      blocks.close();
    },
  };
}
