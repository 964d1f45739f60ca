import type { Observable } from 'rxjs';
import { described } from '../tensor/argument';
import { assertOptions } from '../tensor/options';
import type { CsvColumns, CsvRow } from './csv-columns';
import { csvLexer } from './csv-lexer';
import { rowCollector } from './csv-table';
import type { FileSource } from './file';
import {
  assertColumns,
  assertTableOptions,
  tableFile,
  tableOptions,
  type TableFileOptions,
} from './table-file';

/** Where a CSV file is. For text that is in memory, give `new Blob([text])`. */
export type CsvSource = FileSource;

/** How {@link csv} reads the text of a file. */
export interface CsvOptions<C extends CsvColumns = CsvColumns> extends TableFileOptions {
  /** The columns to read, with their types; others are skipped. All columns, as strings, when left out. */
  readonly columns?: C;
  /** Whether the first row names the columns; true when left out. Otherwise `columns` names them, in order. */
  readonly header?: boolean;
  /** The character between fields: a comma when left out; `'\t'` and `';'` are common too. */
  readonly delimiter?: string;
  /**
   * Words for a missing value, as `['', 'NA', '-999']`: it is NaN in a float32 column, and the empty text in a string column. No word when left out: a field that
   * is no number is an error.
   */
  readonly missing?: readonly string[];
}

/**
 * A source of the rows of a CSV file (RFC 4180), one for each emission. The file is read as a stream: only the part that is being read is in
 * memory. Each subscription opens the file again, so `repeat(epochs)` reads it several times; unsubscribing stops the reading.
 *
 * Columns have types, which `batch` keeps: `float32` and `int32` are numbers, `bool` is true, false, 1 or 0, `string` stays text. A field
 * that does not fit its type is an error, never NaN, unless it is one of the words `missing`; the rows before it are emitted first. Empty lines are skipped. Files
 * may be compressed with gzip, whatever their names.
 *
 * It is fastest with `shuffle` and `batch` directly after it, in that order: no object is made for a row then.
 *
 * ```text
 *  csv(file)    ----(opening)----row1--row2--row3|
 * ```
 *
 * A run can be continued from a {@link checkpoint} below it, also through `shuffle(buffer, {seed})`: give `startAt` the position, and `epochs` to read
 * the file several times.
 *
 * @param source an address, in Node also a path; a file that a person chose, bytes, or what can be read once: a response, a stream of bytes, a readable stream of
 *   Node, an async iterable of bytes
 * @throws when an option is invalid; as error notifications that name the file, the row, its line and the column: when the file cannot be
 *   read, lacks a column, or has a row of another length, a field that does not fit its type, or a quote that is not closed
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { csv } from 'rxtensor/files';
 * const file = new Blob(['x,label,name\n0.5,1,ann\n1.5,0,"bob, jr"\n']);
 * csv(file, { columns: { x: 'float32', label: 'int32' } })
 *   .pipe(dl.batch(2))
 *   .subscribe(({ x, label }) => console.log(x.shape, label.shape)); // [2] [2]
 * ```
 */
export function csv<const C extends CsvColumns>(
  source: CsvSource,
  options: CsvOptions<C> & { readonly columns: C },
): Observable<CsvRow<C>>;
/** All columns of the file, as strings. */
export function csv(
  source: CsvSource,
  options?: CsvOptions & { readonly columns?: undefined },
): Observable<Record<string, string>>;
export function csv(source: CsvSource, options: CsvOptions = {}): Observable<unknown> {
  const name = 'csv';
  assertOptions<CsvOptions>(name, options, {
    ...tableOptions,
    ...{ columns: 1, header: 1, delimiter: 1, missing: 1 },
  });
  const { columns, header = true, delimiter = ',', missing } = options;
  assertColumns(name, columns);
  assertTableOptions(name, source, options);
  if (!header && !columns) {
    throw new Error("csv: option 'header' is false without 'columns'; wanted their names and types");
  }
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new Error(
      `csv: option 'delimiter' is ${JSON.stringify(delimiter)}; wanted one character, and no quote or line end`,
    );
  }
  if (missing !== undefined && !(Array.isArray(missing) && missing.every((word) => typeof word === 'string')))
    throw new Error(`csv: option 'missing' is ${described(missing)}; wanted a list of words`);
  return tableFile(name, source, options, (place) => {
    const collector = rowCollector(place, columns, header, missing);
    let lexer = csvLexer(place, delimiter, collector);
    return {
      ...collector,
      read: (text) => lexer.read(text),
      end: () => {
        lexer.end();
        if (!collector.hasTable()) throw new Error(`${place} is empty; wanted a header`);
      },
      restart: () => {
        collector.restart();
        lexer = csvLexer(place, delimiter, collector);
      },
    };
  });
}
