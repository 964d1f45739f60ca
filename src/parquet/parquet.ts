import type { Compressors } from 'hyparquet';
import type { Observable } from 'rxjs';
import type { CsvColumns, CsvRow } from '../files/csv-columns';
import type { FileSource } from '../files/file';
import { assertColumns, assertTableOptions, tableRows } from '../files/table-file';
import { wrongGiven } from '../streams/checks/arguments';
import { pullOptions, type PullOptions } from '../streams/pulling/pull';
import { assertOptions } from '../tensor/options';
import { blocksOfParquet } from './row-groups';

/** How {@link parquet} reads a file. */
export interface ParquetOptions<C extends CsvColumns = CsvColumns> extends PullOptions {
  /** The columns to read, with their types; others are not read. All columns when left out: integers are int32, other numbers float32, dates text. */
  readonly columns?: C;
  /** Whether a null is NaN in a float32 column and the empty text in a string column; an error when left out. */
  readonly missing?: boolean;
  /** How often the file is read; 1 when left out. Not for streams. */
  readonly epochs?: number;
  /**
   * How many rows of the whole sequence to skip, so that a run continues where another one stopped. Where `shuffle` and `batch` are applied directly,
   * rows are counted as they come out of these. What is skipped is not read, as far as whole pages of a column are.
   */
  readonly startAt?: number;
  /** What decompresses pages, by the names of Parquet's codecs: `compressors` of the package hyparquet-compressors, for example. Snappy is there. */
  readonly compressors?: Compressors;
}

/**
 * A source of the rows of a Parquet file, one for each emission, by the package `hyparquet`, which has to be installed beside this library. Of paths, Blobs, and addresses
 * whose server gives ranges, only the pages of the chosen columns are read, as they are needed; streams and responses are kept whole, since the table of contents is at
 * the end of a file.
 *
 * Columns have types, which `batch` keeps, as with {@link csv}. A column of integers can be int32, float32 or string (exact, whatever their size); one of other numbers, decimals
 * too, float32; booleans are bool; text is string; dates are text as 2026-01-31T12:00:00.000Z, which the step `dates` reads. A value that does not fit is an error; the rows before it
 * are emitted first. Nested columns are not read.
 *
 * It is fastest with `shuffle` and `batch` directly after it, in that order: no object is made for a row then. A run can be continued from a {@link checkpoint} below it, also
 * through `shuffle(buffer, {seed})`.
 *
 * ```text
 *  parquet(file)    ----(opening)----row1--row2--row3|
 * ```
 *
 * @param source as for {@link csv}, but not compressed as a whole: Parquet compresses its pages
 * @throws when an option is invalid; as error notifications that name the file, the column and the row: when the file cannot be read, is cut off, damaged or encrypted, lacks a
 *   column, has values that do not fit their types, or pages that say they are larger than they can be
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { parquet } from 'rxtensor/parquet';
 * import { parquetWriteBuffer } from 'hyparquet-writer';
 * const file = parquetWriteBuffer({
 *   columnData: [
 *     { name: 'x', data: [0.5, 1.5, 2.5], type: 'DOUBLE' },
 *     { name: 'label', data: [1, 0, 1], type: 'INT32' },
 *   ],
 * });
 * parquet(file, { columns: { x: 'float32', label: 'int32' } })
 *   .pipe(dl.batch(3))
 *   .subscribe(({ x, label }) => console.log(x.shape, label.shape)); // [3] [3]
 * ```
 */
export function parquet<const C extends CsvColumns>(
  source: FileSource,
  options: ParquetOptions<C> & { readonly columns: C },
): Observable<CsvRow<C>>;
/** All columns of the file. */
export function parquet(
  source: FileSource,
  options?: ParquetOptions & { readonly columns?: undefined },
): Observable<Record<string, number | boolean | string>>;
export function parquet(source: FileSource, options: ParquetOptions = {}): Observable<unknown> {
  const name = 'parquet';
  assertOptions<ParquetOptions>(name, options, {
    ...pullOptions,
    ...{ columns: 1, missing: 1, epochs: 1, startAt: 1, compressors: 1 },
  });
  const { columns, compressors = {}, epochs = 1, startAt = 0, missing = false, scheduler } = options;
  assertColumns(name, columns);
  assertTableOptions(name, source, { epochs, startAt });
  if (
    typeof compressors !== 'object' ||
    Object.values(compressors).some((each) => typeof each !== 'function')
  )
    throw wrongGiven(name, "option 'compressors'", compressors, 'functions by the names of codecs');
  return tableRows(name, options, (from) =>
    blocksOfParquet(name, source, { columns, compressors, epochs, missing, scheduler }, from),
  );
}
