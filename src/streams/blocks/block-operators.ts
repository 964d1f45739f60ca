import { wrongExample } from '../data/columns';
import { operator } from '../operator';
import { runsOf, skipped, withBatchedBlocks, type BlockOperators, type BlockSource } from './block-source';
import type { Run } from './columns';
import { groupedRows } from './grouped-rows';
import { stackedRows, tensorRow } from './row-objects';
import { rowsOfBlocks } from './rows-of-blocks';
import { shuffledRows } from './shuffled-rows';

/** What {@link shuffle}, {@link batch} and {@link unbatch} do with rows in blocks. */
export const blockOperators: BlockOperators = {
  shuffled: (name, source, { buffer, obstacle, drawing }) =>
    rowsOfBlocks(name, {
      ...source,
      obstacle: obstacle ?? source.obstacle,
      // What the buffer holds follows from the seed and the rows before: it is filled anew.
      open: (startAt) => skipped(shuffledRows(source.open(0), buffer, drawing()), startAt),
    }),
  batched: <T>(
    name: string,
    source: BlockSource,
    { size, dropRemainder }: { readonly size: number; readonly dropRemainder: boolean },
  ) => {
    const batched: BlockSource = {
      ...source,
      open: (startAt) =>
        groupedRows(source.open(startAt), size, dropRemainder, (run) => assertStackable(name, run)),
    };
    const stack = operator<Run, T>(name, (output) => ({
      next: (run) => output.emit(() => stackedRows(name, run) as T),
    }));
    return withBatchedBlocks(stack(runsOf(batched, size)), batched);
  },
  unbatched: (name, source) => rowsOfBlocks(name, { ...source, rowOf: (run) => tensorRow(name, run) }),
};

/** @throws for a column of text */
function assertStackable(operator: string, { table: { names, types } }: Run): void {
  const text = types.indexOf('string');
  if (text >= 0) throw wrongExample({ operator, path: names[text]! }, '');
}
