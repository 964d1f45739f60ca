import type { Observable } from 'rxjs';
import { pulled, pullOptions, type PullOptions, type Supply } from '../pull';
import { fieldTypes, type CsvColumns, type CsvRow } from './csv-columns';
import { recordReader, type CsvRecord } from './csv-records';
import { nameOfFile, notRead, openFile, type FileSource } from './file';
import { assertOptions } from '../../tensor/options';

/** Where a CSV file is; text that is there already is `new Blob([text])`. */
export type CsvSource = FileSource | ReadableStream<Uint8Array>;

/** What {@link csv} makes of the text of a file. */
export interface CsvOptions<C extends CsvColumns = CsvColumns> extends PullOptions {
  /** The columns that are wanted, with their types; others are left out. All of them, as strings, when left out. */
  readonly columns?: C;
  /** Whether the first row names the columns; true when left out. Without one they are `columns`, in that order. */
  readonly header?: boolean;
  /** Between fields: a comma when left out; `'\t'` and `';'` are common too. */
  readonly delimiter?: string;
  /** As `TextDecoder` names them; UTF-8 when left out. */
  readonly encoding?: string;
}

/**
 * A source of the rows of a CSV file (RFC 4180), one an emission, read as a stream: no more of the file is in memory than the piece that
 * is being read. Each subscription opens it anew, so that `repeat(epochs)` goes through it again; unsubscribing ends the reading.
 *
 * Columns have types: `float32` and `int32` are numbers, `bool` is true, false, 1 or 0, `string` stays text. A field that is none of its
 * type is an error, never a NaN. Empty lines are left out. Files may be compressed with gzip, whatever they are called.
 *
 * ```text
 *  csv(file)    ----(opening)----row1--row2--row3|
 * ```
 *
 * @param source an address, a file that a person chose, bytes, or a stream of bytes (which can be read once)
 * @throws when an option is impossible; as error notifications, naming the file, the row, its line and the column: when it cannot be had,
 *   lacks a column, has a row of another length, a field that is none of its type, a quote that is not closed
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const file = new Blob(['x,label,name\n0.5,1,ann\n1.5,0,"bob, jr"\n']);
 * dl.csv(file, { columns: { x: 'float32', label: 'int32' } })
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
  assertOptions<CsvOptions>('csv', options, {
    ...pullOptions,
    ...{ columns: 1, header: 1, delimiter: 1, encoding: 1 },
  });
  const { columns, header = true, delimiter = ',', encoding } = options;
  for (const [column, type] of Object.entries(columns ?? {})) {
    if (!Object.hasOwn(fieldTypes, type)) {
      throw new Error(
        `csv: option 'columns' has the type '${type}' for '${column}'; wanted ${Object.keys(fieldTypes).join(', ')}`,
      );
    }
  }
  if (!header && !columns) {
    throw new Error("csv: option 'header' is false without 'columns'; wanted their names and types");
  }
  if (typeof delimiter !== 'string' || delimiter.length !== 1 || '"\r\n'.includes(delimiter)) {
    throw new Error(
      `csv: option 'delimiter' is ${JSON.stringify(delimiter)}; wanted one character, and no quote or line end`,
    );
  }
  try {
    new TextDecoder(encoding);
  } catch {
    throw new Error(
      `csv: option 'encoding' is ${JSON.stringify(encoding)}; wanted a name that TextDecoder knows`,
    );
  }
  return pulled('csv', () => rowsOf(source, options), options);
}

/** The rows of a file, read as they are asked for. */
function rowsOf(source: CsvSource, options: CsvOptions): Supply<unknown> {
  const { columns, header = true } = options;
  const place = `csv: ${nameOfFile(source)}`;
  const controller = new AbortController();
  const pieces = piecesOf(source, place, options, controller.signal);
  let readRow = header ? null : rowReader(place, Object.keys(columns ?? {}), columns);
  let piece: readonly CsvRecord[] = [];
  let position = 0;
  let row = 0;
  const nextOfPiece = (): IteratorResult<unknown, undefined> | null => {
    if (!readRow && position < piece.length) readRow = rowReader(place, piece[position++]!.fields, columns);
    return readRow && position < piece.length
      ? { done: false, value: readRow(piece[position++]!, ++row) }
      : null;
  };
  const nextPiece = async (): Promise<IteratorResult<unknown, undefined>> => {
    for (;;) {
      const { done, value } = await pieces.next();
      // What an aborted reading has to say interests nobody.
      if (controller.signal.aborted) return { done: true, value: undefined };
      if (done) {
        if (!readRow) throw new Error(`${place} is empty; wanted a header`);
        return { done: true, value: undefined };
      }
      [piece, position] = [value, 0];
      const next = nextOfPiece();
      if (next) return next;
    }
  };
  return {
    when: 'later',
    next: () => {
      const next = nextOfPiece();
      return next ? Promise.resolve(next) : nextPiece();
    },
    close: () => controller.abort(),
  };
}

/** The records of a file, piece by piece as it comes; ends where it is aborted. */
async function* piecesOf(
  source: CsvSource,
  place: string,
  { delimiter = ',', encoding }: CsvOptions,
  signal: AbortSignal,
): AsyncGenerator<readonly CsvRecord[], undefined> {
  const reader = recordReader(place, delimiter);
  try {
    const bytes = await openFile(source, { operator: 'csv', signal });
    const decoder = new TextDecoderStream(encoding, { fatal: true });
    const text = (bytes as ReadableStream<Uint8Array<ArrayBuffer>>).pipeThrough(decoder).getReader();
    for (;;) {
      let chunk: ReadableStreamReadResult<string>;
      try {
        chunk = await text.read();
      } catch (cause) {
        throw notRead('csv', source, cause);
      }
      if (chunk.done) break;
      yield reader.read(chunk.value);
    }
    yield reader.end();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
}

/**
 * Makes rows of records.
 *
 * @param names of the fields, in order
 * @throws when a column that is wanted is not among them, or is there twice
 */
function rowReader(
  place: string,
  names: readonly string[],
  columns: CsvColumns = Object.fromEntries(names.map((name) => [name, 'string'])),
): (record: CsvRecord, row: number) => unknown {
  const wanted = Object.entries(columns).map(([name, type]) => {
    const index = names.indexOf(name);
    if (index < 0) {
      throw new Error(
        `${place} has no column '${name}': found ${names.map((each) => `'${each}'`).join(', ')}`,
      );
    }
    if (names.includes(name, index + 1)) throw new Error(`${place} has two columns '${name}'; wanted one`);
    return { name, type: fieldTypes[type], index };
  });
  return ({ fields, line }, row) => {
    const at = `${place}, row ${row} (line ${line})`;
    if (fields.length !== names.length) {
      throw new Error(`${at}: found ${fields.length} fields; wanted ${names.length}: ${names.join(', ')}`);
    }
    return Object.fromEntries(
      wanted.map(({ name, type, index }) => {
        const value = type.read(fields[index]!);
        if (value === undefined) {
          throw new Error(
            `${at}, column '${name}': found ${JSON.stringify(fields[index])}; wanted ${type.wanted}`,
          );
        }
        return [name, value];
      }),
    );
  };
}
