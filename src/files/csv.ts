import type { Observable } from 'rxjs';
import { runSupply, withBlocks, type BlockSource, type BlockSupply } from '../streams/blocks/block-source';
import { plainRow } from '../streams/blocks/row-objects';
import { pulled, pullOptions, type PullOptions } from '../streams/pulling/pull';
import { nextTurnOf } from '../streams/pulling/turn';
import { fieldTypes, type CsvColumns, type CsvRow } from './csv-columns';
import { csvLexer } from './csv-lexer';
import { rowCollector } from './csv-table';
import { nameOfFile } from '../streams/sources/fetched-file';
import { notRead, openFile, type FileSource } from './file';
import { assertOptions } from '../tensor/options';

/** Where a CSV file is. For text that is in memory, give `new Blob([text])`. */
export type CsvSource = FileSource | ReadableStream<Uint8Array>;

/** How {@link csv} reads the text of a file. */
export interface CsvOptions<C extends CsvColumns = CsvColumns> extends PullOptions {
  /** The columns to read, with their types; others are skipped. All columns, as strings, when left out. */
  readonly columns?: C;
  /** Whether the first row names the columns; true when left out. Otherwise `columns` names them, in order. */
  readonly header?: boolean;
  /** The character between fields: a comma when left out; `'\t'` and `';'` are common too. */
  readonly delimiter?: string;
  /** The encoding of the text, by its name for `TextDecoder`; UTF-8 when left out. */
  readonly encoding?: string;
}

/**
 * A source of the rows of a CSV file (RFC 4180), one for each emission. The file is read as a stream: only the part that is being read is in
 * memory. Each subscription opens the file again, so `repeat(epochs)` reads it several times; unsubscribing stops the reading.
 *
 * Columns have types, which `batch` keeps: `float32` and `int32` are numbers, `bool` is true, false, 1 or 0, `string` stays text. A field
 * that does not fit its type is an error, never NaN; the rows before it are emitted first. Empty lines are skipped. Files may be compressed with
 * gzip, whatever their names.
 *
 * It is fastest with `shuffle` and `batch` directly after it, in that order: no object is made for a row then.
 *
 * ```text
 *  csv(file)    ----(opening)----row1--row2--row3|
 * ```
 *
 * @param source an address, a file that a person chose, bytes, or a stream of bytes (which can be read once)
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
  const blocks: BlockSource = {
    name: 'csv',
    options,
    open: () => blocksOfFile(source, options),
    rowOf: plainRow,
  };
  return withBlocks(
    pulled('csv', () => runSupply(blocks.open(), 1, blocks.rowOf), options),
    blocks,
  );
}

/** The number of bytes that are read at once; a chunk of a stream may have more. */
const PIECE = 1 << 16;
/** The milliseconds after which reading yields to the page. */
const SLICE_MS = 8;

/** The rows of a file, read on demand. */
function blocksOfFile(source: CsvSource, options: CsvOptions): BlockSupply {
  const { columns, header = true, delimiter = ',', encoding, scheduler } = options;
  const place = `csv: ${nameOfFile(source)}`;
  const controller = new AbortController();
  const pieces = piecesOf(source, controller.signal);
  const decoder = new TextDecoder(encoding, { fatal: true });
  const collector = rowCollector(place, columns, header);
  const lexer = csvLexer(place, delimiter, collector);
  const nextTurn = nextTurnOf(scheduler);
  const now = scheduler ? () => scheduler.now() : () => performance.now();
  let sliceStart = now();
  let isOver = false;
  let failure: { readonly error: unknown } | null = null;

  const decoded = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw notRead('csv', source, cause);
    }
  };
  const read = async (): Promise<void> => {
    const { done, value } = await pieces.next();
    // The error of an aborted read is ignored.
    if (controller.signal.aborted) isOver = true;
    else if (!done) lexer.read(decoded(value));
    else {
      lexer.read(decoded());
      lexer.end();
      if (!collector.hasTable()) throw new Error(`${place} is empty; wanted a header`);
      isOver = true;
    }
  };
  return {
    take: (limit) => {
      const run = collector.take(limit);
      if (!run && failure) throw failure.error;
      return run;
    },
    isOver: () => isOver,
    more: async () => {
      if (now() - sliceStart >= SLICE_MS) {
        await new Promise<void>((resolve) => nextTurn(resolve));
        sliceStart = now();
      }
      collector.makeRoom();
      try {
        await read();
      } catch (error) {
        // The rows before the error are emitted first.
        failure = { error };
      }
    },
    close: () => controller.abort(),
  };
}

/** The bytes of a file, chunk by chunk; ends when it is aborted. */
async function* piecesOf(source: CsvSource, signal: AbortSignal): AsyncGenerator<Uint8Array, undefined> {
  try {
    const bytes = (await openFile(source, { operator: 'csv', signal })).getReader();
    for (;;) {
      let chunk: ReadableStreamReadResult<Uint8Array>;
      try {
        chunk = await bytes.read();
      } catch (cause) {
        throw notRead('csv', source, cause);
      }
      if (chunk.done) break;
      for (let at = 0; at < chunk.value.length; at += PIECE) yield chunk.value.subarray(at, at + PIECE);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return undefined;
}
