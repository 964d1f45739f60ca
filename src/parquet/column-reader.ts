/** Reads the values of one column of one row group, page after page. */
import type { Compressors, DecodedArray } from 'hyparquet';
import { quoted } from '../files/shown';
import { emptyColumns, type ColumnValues } from '../streams/blocks/columns';
import { byteWindow } from './byte-window';
import type { Chunk, ParquetColumn } from './layout';
import { pageDecoder, type Page } from './page-decoder';
import { readPageHeader, type PageHeader } from './page-header';
import type { RangedFile } from './ranged-file';
import { Truncated } from './thrift';
import { copied, valueOf } from './values';

export interface ColumnReader {
  /** Leaves out this many of the next rows; pages that are left out wholly are not read. */
  readonly skip: (rows: number) => void;
  /** Reads values, if none are ready. */
  readonly fill: () => Promise<void>;
  /** How many values are ready. */
  readonly ready: () => number;
  /** Takes that many values. */
  readonly take: (rows: number) => ColumnValues;
  /** Why there are no more values than those that are ready. */
  readonly failure: () => Error | null;
}

/** How columns are read. */
export interface ColumnReading {
  readonly place: string;
  readonly file: RangedFile;
  readonly compressors: Compressors;
  readonly missing: boolean;
  /** How many bytes are read at once. */
  readonly piece: number;
}

/** As many values at least are decoded at once, if there are: a dictionary is decoded once for them. */
const TOGETHER = 1 << 15;
const MOST_HEADER_BYTES = 1 << 24;

/** @param rowsBefore the number of rows of the file before those of the row group, for messages */
export function columnReader(
  { place, file, compressors, missing, piece }: ColumnReading,
  column: ParquetColumn,
  chunk: Chunk,
  rows: number,
  rowsBefore: number,
): ColumnReader {
  const at = `${place}, column ${quoted(column.name)}`;
  const bytes = byteWindow(file, chunk.from, chunk.to, piece);
  const decode = pageDecoder(column, chunk, compressors);
  let dictionary: Page | null = null;
  /** How many rows no page was read for. */
  let left = rows;
  let toSkip = 0;
  let values: ColumnValues = emptyColumns({ names: [], types: [column.type] }, 0)[0]!;
  let next = 0;
  let end = 0;
  let failure: Error | null = null;

  const header = async (): Promise<PageHeader> => {
    for (let wanted = 1 << 12; ; wanted *= 4) {
      const found = await bytes.peek(Math.min(wanted, bytes.left()));
      try {
        return readPageHeader(found, 0, bytes.left());
      } catch (error) {
        if (!(error instanceof Truncated) || found.length === bytes.left() || wanted > MOST_HEADER_BYTES)
          throw error;
      }
    }
  };
  /** The next pages, until there are enough values. */
  const pages = async (): Promise<Page[]> => {
    const found: Page[] = [];
    let count = 0;
    while (left > 0 && count < TOGETHER) {
      if (bytes.left() === 0) throw new Error(`there are ${left} values too few; wanted ${rows}`);
      const page = await header();
      const isData = page.kind === 'data' || page.kind === 'data 2';
      if (isData && page.values > left)
        throw new Error(`a page says that it has ${page.values} values; wanted at most ${left}`);
      const length = page.headerBytes + page.bytes;
      const isSkipped = isData && count === 0 && page.values <= toSkip;
      if (page.kind === 'other' || isSkipped) bytes.skip(length);
      else if (page.kind === 'dictionary') dictionary = { header: page, bytes: await bytes.read(length) };
      else found.push({ header: page, bytes: await bytes.read(length) });
      if (!isData) continue;
      left -= page.values;
      if (isSkipped) toSkip -= page.values;
      else count += page.values;
    }
    return found;
  };
  const convert = (decoded: readonly DecodedArray[], count: number): void => {
    values = emptyColumns({ names: [], types: [column.type] }, count)[0]!;
    next = end = 0;
    const first = rowsBefore + rows - left - count + 1;
    for (const part of decoded) {
      if (part.length > count - end)
        throw new Error(`pages have more values than the ${count} that they say`);
      if (copied(part, values, end)) end += part.length;
      // The values before a wrong one are ready.
      else
        for (const value of part as readonly unknown[]) {
          (values as (number | string)[])[end] = valueOf(value, column.type, missing, first + end);
          end++;
        }
    }
    if (end !== count) throw new Error(`pages have ${end} values; they say ${count}`);
  };

  return {
    skip: (count) => {
      toSkip += count;
    },
    ready: () => end - next,
    failure: () => failure,
    fill: async () => {
      while (end === next && left > 0 && !failure) {
        try {
          const found = await pages();
          const count = found.reduce((sum, page) => sum + page.header.values, 0);
          if (count === 0) continue;
          convert(await decode(dictionary ? [dictionary, ...found] : found, count), count);
        } catch (cause) {
          const message = cause instanceof Error ? cause.message : String(cause);
          failure = new Error(`${at}: ${message}`, { cause });
        }
        const skipped = Math.min(toSkip, end - next);
        next += skipped;
        toSkip -= skipped;
      }
    },
    take: (count) => {
      const from = next;
      next += count;
      return Array.isArray(values) ? values.slice(from, next) : values.subarray(from, next);
    },
  };
}
