/** The rows of a Parquet file in blocks: one row group after the other. */
import type { Compressors } from 'hyparquet';
import type { CsvColumns } from '../files/csv-columns';
import type { FileSource } from '../files/file';
import type { SchedulerLike } from 'rxjs';
import type { BlockSupply } from '../streams/blocks/block-source';
import type { Run, Table } from '../streams/blocks/columns';
import { breather } from '../streams/pulling/breather';
import { nameOfFile } from '../streams/sources/fetched-file';
import { columnReader, type ColumnReader } from './column-reader';
import { readLayout, type Layout } from './layout';
import { openRanges, type RangedFile } from './ranged-file';

export interface RowGroupsReading {
  readonly columns: CsvColumns | undefined;
  readonly compressors: Compressors;
  readonly epochs: number;
  readonly missing: boolean;
  readonly scheduler: SchedulerLike | undefined;
}

/** How many bytes of all columns together are read ahead, and the least and most of one. */
const AHEAD = 1 << 24;
const LEAST_PIECE = 1 << 14;
const MOST_PIECE = 1 << 20;

export function blocksOfParquet(
  name: string,
  source: FileSource,
  { columns, compressors, epochs, missing, scheduler }: RowGroupsReading,
  startAt: number,
): BlockSupply {
  const place = `${name}: ${nameOfFile(source)}`;
  const controller = new AbortController();
  const breathe = breather(scheduler);
  let file: RangedFile | null = null;
  let layout: Layout | null = null;
  let table: Table = { names: [], types: [] };
  let readers: readonly ColumnReader[] = [];
  let epoch = 0;
  let group = 0;
  /** The rows of the row group that no block has had, and those of the file before the row group. */
  let left = 0;
  let rowsBefore = 0;
  let toSkip = startAt;
  let block: Run | null = null;
  let isOver = false;
  let failure: { readonly error: unknown } | null = null;

  const open = async (): Promise<Layout> => {
    const opened = await openRanges(source, { operator: name, signal: controller.signal });
    if (controller.signal.aborted) opened.close();
    file = opened;
    const found = await readLayout(place, opened, columns);
    table = { names: found.columns.map((each) => each.name), types: found.columns.map(({ type }) => type) };
    if (found.rows > 0) {
      epoch = Math.floor(toSkip / found.rows);
      toSkip %= found.rows;
    } else epoch = epochs;
    return found;
  };
  /** Begins the next row group that has rows to read. */
  const begin = ({ groups, columns: all }: Layout): void => {
    while (epoch < epochs) {
      const next = groups[group];
      if (!next) {
        epoch++;
        group = rowsBefore = 0;
        continue;
      }
      group++;
      const { rows, chunks } = next;
      const skipped = Math.min(toSkip, rows);
      toSkip -= skipped;
      if (skipped < rows) {
        const piece = Math.min(MOST_PIECE, Math.max(LEAST_PIECE, Math.floor(AHEAD / all.length)));
        const reading = { place: `${place}, row group ${group}`, file: file!, compressors, missing, piece };
        readers = chunks.map((chunk, i) => columnReader(reading, all[i]!, chunk, rows, rowsBefore));
        for (const reader of readers) reader.skip(skipped);
        left = rows - skipped;
      }
      rowsBefore += rows;
      if (left > 0) return;
    }
    isOver = true;
  };
  const load = async (): Promise<void> => {
    layout ??= await open();
    if (left === 0) begin(layout);
    if (isOver) return;
    await Promise.all(readers.map((reader) => reader.fill()));
    const rows = Math.min(left, ...readers.map((reader) => reader.ready()));
    const failed = readers.find((reader) => reader.ready() === 0);
    const wrong = failed && (failed.failure() ?? new Error(`${place}: there are too few rows`));
    if (wrong) throw wrong;
    block = { table, columns: readers.map((reader) => reader.take(rows)), from: 0, to: rows };
    left -= rows;
  };
  /** For operators that leave out rows, so that the length does not tell. */
  const fraction = (): number | null => {
    if (!layout) return null;
    const read =
      layout.rows === 0 ? 1 : (rowsBefore - left - (block ? block.to - block.from : 0)) / layout.rows;
    return isOver ? 1 : (epoch + read) / epochs;
  };
  return {
    take: (limit) => {
      if (!block) {
        if (failure) throw failure.error;
        return null;
      }
      const to = Math.min(block.to, block.from + limit);
      const run = { ...block, to };
      block = to === block.to ? null : { ...block, from: to };
      return run;
    },
    isOver: () => isOver && !block,
    extent: () => ({ length: layout?.rows ?? null, epochs, fraction: fraction() }),
    more: async () => {
      if (block || isOver || failure) return;
      const pause = breathe();
      if (pause) await pause;
      try {
        await load();
      } catch (error) {
        if (controller.signal.aborted) isOver = true;
        else failure = { error };
      }
    },
    close: () => {
      controller.abort();
      file?.close();
      block = null;
      readers = [];
    },
  };
}
