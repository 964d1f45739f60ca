import type { BlockSupply } from './block-source';
import { CollectedRows, type Run } from './columns';

/**
 * The same rows in groups of `size`: none of a group is given before all of it has come.
 *
 * @param dropRemainder whether a last group that is not full is left out
 * @param check is called with the first rows
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
  /** Collects what is at hand. */
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
    close: () => {
      group = null;
      isFull = false;
      blocks.close();
    },
  };
}
