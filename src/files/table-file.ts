/** A text file of rows as a source of blocks: what csv and jsonLines share. */
import type { Observable } from 'rxjs';
import { assertPositiveInteger, wrongGiven } from '../streams/checks/arguments';
import { blockOperators } from '../streams/blocks/block-operators';
import { runSupply, withBlocks, type BlockSource, type BlockSupply } from '../streams/blocks/block-source';
import { plainRow } from '../streams/blocks/row-objects';
import { breather } from '../streams/pulling/breather';
import { pulled, pullOptions, type PullOptions } from '../streams/pulling/pull';
import { nameOfFile } from '../streams/sources/fetched-file';
import { isPlainObject } from '../tensor/container';
import type { OptionNames } from '../tensor/options';
import { fieldTypes, type CsvColumns } from './csv-columns';
import { isReadOnce, notRead, openFile, type FileSource } from './file';

/** How a file of rows is read. */
export interface TableFileOptions extends PullOptions {
  /** The encoding of the text, by its name for `TextDecoder`; UTF-8 when left out. */
  readonly encoding?: string;
  /** How often the file is read; 1 when left out. Not for streams, which can be read once. */
  readonly epochs?: number;
  /**
   * How many rows of the whole sequence to skip, so that a run continues where another one stopped. Where `shuffle` and `batch` are applied directly,
   * rows are counted as they come out of these.
   */
  readonly startAt?: number;
}

export const tableOptions: OptionNames<TableFileOptions> = {
  ...pullOptions,
  ...{ encoding: 1, epochs: 1, startAt: 1 },
};

/** Reads text, in pieces, into rows. */
export interface TextReader extends RowReading {
  readonly read: (text: string) => void;
  /** To be called at the end of the text. */
  readonly end: () => void;
}

/** The rows that a reader has. */
export interface RowReading extends Pick<BlockSupply, 'take'> {
  /** Whether the columns are known. */
  readonly hasTable: () => boolean;
  /** Begins a new block in the memory of the last one, all of whose complete rows must have been taken. */
  readonly makeRoom: () => void;
  /** The text begins anew. */
  readonly restart: () => void;
  /** How many rows of the text have been read, with those that were skipped. */
  readonly rowsRead: () => number;
  /** Leaves out this many of the rows to come. */
  readonly skip: (count: number) => void;
  readonly leftToSkip: () => number;
}

/** @throws unless there are columns, each with a type that there is; all columns are wanted when it is left out */
export function assertColumns(name: string, columns: CsvColumns | null | undefined): void {
  if (columns === undefined) return;
  if (!isPlainObject(columns) || Object.keys(columns).length === 0)
    throw wrongGiven(
      name,
      "option 'columns'",
      columns,
      "at least one column with its type, as {x: 'float32'}",
    );
  for (const [column, type] of Object.entries(columns)) {
    if (!Object.hasOwn(fieldTypes, type)) {
      throw new Error(
        `${name}: option 'columns' has the type '${type}' for '${column}'; wanted ${Object.keys(fieldTypes).join(', ')}`,
      );
    }
  }
}

/** @throws when an option is invalid */
export function assertTableOptions(
  name: string,
  source: FileSource,
  { encoding, epochs = 1, startAt = 0 }: TableFileOptions,
): void {
  try {
    new TextDecoder(encoding);
  } catch {
    throw new Error(
      `${name}: option 'encoding' is ${JSON.stringify(encoding)}; wanted a name that TextDecoder knows`,
    );
  }
  assertPositiveInteger(name, "option 'epochs'", epochs, 'infinite too');
  if (epochs > 1 && isReadOnce(source))
    throw new Error(
      `${name}: option 'epochs' is ${epochs} for a stream, which can be read once; wanted an address, a path, a Blob or bytes`,
    );
  if (!Number.isInteger(startAt) || startAt < 0)
    throw new Error(`${name}: option 'startAt' is ${startAt}; wanted a non-negative integer`);
}

/** The rows of a text file. `readerOf` makes a reader for a subscription; its argument names the operator and the file. */
export function tableFile<T>(
  name: string,
  source: FileSource,
  options: TableFileOptions,
  readerOf: (place: string) => TextReader,
): Observable<T> {
  return tableRows(name, options, (startAt) =>
    blocksOfFile(name, source, options, readerOf(`${name}: ${nameOfFile(source)}`), startAt),
  );
}

/** The rows of blocks, one by one for a subscriber. A run can be continued at any of them. */
export function tableRows<T>(
  name: string,
  options: PullOptions & Pick<TableFileOptions, 'startAt'>,
  open: BlockSource['open'],
): Observable<T> {
  const { startAt = 0 } = options;
  const blocks: BlockSource = {
    ...{ name, options, startAt, obstacle: null, open, rowOf: plainRow },
    operators: blockOperators,
  };
  return withBlocks(
    pulled<T>(name, () => runSupply(blocks, 1, (run) => plainRow(run) as T), options),
    blocks,
  );
}

/** The number of bytes that are read at once; a chunk of a stream may have more. */
const PIECE = 1 << 16;

/** The rows of a file, read on demand. */
function blocksOfFile(
  name: string,
  source: FileSource,
  { encoding, epochs = 1, scheduler }: TableFileOptions,
  reader: TextReader,
  startAt: number,
): BlockSupply {
  const controller = new AbortController();
  let file = piecesOf(name, source, controller.signal);
  let decoder = new TextDecoder(encoding, { fatal: true });
  const breathe = breather(scheduler);
  let epoch = 0;
  let length: number | null = null;
  let isOver = false;
  let failure: { readonly error: unknown } | null = null;
  reader.skip(startAt);

  const decoded = (bytes?: Uint8Array): string => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined });
    } catch (cause) {
      throw notRead(name, source, cause);
    }
  };
  /** At the end of the file: it is read anew, or all is over. */
  const turnOver = (): void => {
    length = reader.rowsRead();
    epoch++;
    const left = reader.leftToSkip();
    if (length > 0) {
      epoch += Math.floor(left / length);
      reader.skip(left % length);
    }
    // Reading an empty file again and again would never end.
    isOver = epoch >= epochs || length === 0;
    if (isOver) return;
    reader.restart();
    file = piecesOf(name, source, controller.signal);
    decoder = new TextDecoder(encoding, { fatal: true });
  };
  const read = async (): Promise<void> => {
    const { done, value } = await file.pieces.next();
    // The error of an aborted read is ignored.
    if (controller.signal.aborted) isOver = true;
    else if (!done) reader.read(decoded(value));
    else {
      reader.read(decoded());
      reader.end();
      turnOver();
    }
  };
  return {
    take: (limit) => {
      const run = reader.take(limit);
      if (!run && failure) throw failure.error;
      return run;
    },
    isOver: () => isOver,
    extent: () => {
      const read = isOver ? 0 : file.fraction();
      return { length, epochs, fraction: read === null ? null : Math.min(1, (epoch + read) / epochs) };
    },
    more: async () => {
      const pause = breathe();
      if (pause) await pause;
      reader.makeRoom();
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

/** The bytes of a file, and the share of them that has been read; null when their number is unknown. */
interface Pieces {
  readonly pieces: AsyncGenerator<Uint8Array, undefined>;
  readonly fraction: () => number | null;
}

function piecesOf(operator: string, source: FileSource, signal: AbortSignal): Pieces {
  let fraction: () => number | null = () => null;
  /** Ends when it is aborted. */
  async function* pieces(): AsyncGenerator<Uint8Array, undefined> {
    try {
      const file = await openFile(source, { operator, signal });
      const { size, stream, isCompressed } = file;
      let used = 0;
      // A Blob gives many bytes at once: what counts are those that have become rows. Of a compressed file they are unknown.
      fraction = () => size && (isCompressed ? file.read() : used) / size;
      const bytes = stream.getReader();
      for (;;) {
        let chunk: ReadableStreamReadResult<Uint8Array>;
        try {
          chunk = await bytes.read();
        } catch (cause) {
          throw notRead(operator, source, cause);
        }
        if (chunk.done) break;
        for (let at = 0; at < chunk.value.length; at += PIECE) {
          const piece = chunk.value.subarray(at, at + PIECE);
          used += piece.length;
          yield piece;
        }
      }
    } catch (error) {
      if (!signal.aborted) throw error;
    }
    return undefined;
  }
  return { pieces: pieces(), fraction: () => fraction() };
}
