/** Reads files for sources: fetched ones, those of a folder in Node, those chosen by a person, streams, and bytes in memory. It decompresses gzip. */
import { nameOfFile, type FileReading } from '../streams/sources/fetched-file';
import { described } from '../tensor/argument';
import { joinedBytes } from '../tensor/joined-bytes';
import { rawFile } from './raw-file';

/**
 * Where a file is: an address (in Node also a path), a file that a person chose, its bytes, or what can be read once: a response, a stream of bytes, a readable stream
 * of Node, an async iterable of bytes. Any of them may be compressed with gzip.
 */
export type FileSource =
  | string
  | URL
  | Blob
  | ArrayBuffer
  | Uint8Array
  | Response
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>;

/** An opened file. */
export interface OpenedFile {
  readonly stream: ReadableStream<Uint8Array>;
  readonly isCompressed: boolean;
  /** The number of its bytes, compressed; null when it is unknown. */
  readonly size: number | null;
  /** How many of them have been read. */
  readonly read: () => number;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Computes the length of a file from its first bytes; null when these are too few. An error that it throws ends the reading. */
export type SizeByHead = (head: Uint8Array) => number | null;

/**
 * Reads all bytes of a file. If `sizeOf` is given, it stops soon after that size: a small gzip file can decompress to a thousand times its
 * size.
 *
 * @param sizeOf computes the size from the first bytes, for formats whose header has it
 * @throws (rejects) naming the file, when it cannot be read or is damaged gzip
 */
export async function loadFile(
  source: FileSource,
  reading: FileReading,
  sizeOf: SizeByHead,
): Promise<Uint8Array> {
  const bytes = source instanceof ArrayBuffer ? new Uint8Array(source) : source;
  if (bytes instanceof Uint8Array && !isGzip(bytes)) return bytes;
  const { stream, isCompressed } = await openFile(source, reading);
  return collected(stream.getReader(), sizeOf, (cause) =>
    isCompressed
      ? new Error(
          `${reading.operator}: ${nameOfFile(source)} cannot be decompressed, though it begins as gzip: ${String(cause)}`,
          { cause },
        )
      : notRead(reading.operator, source, cause),
  );
}

/** Reads up to the size in the header, or one byte further. Memory is allocated as bytes come, not by the size that the header claims. */
async function collected(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  sizeOf: SizeByHead,
  failure: (cause: unknown) => Error,
): Promise<Uint8Array> {
  let bytes = new Uint8Array(0);
  let length = 0;
  let end: number | null = null;
  while (end === null || length <= end) {
    let chunk: ReadableStreamReadResult<Uint8Array>;
    try {
      chunk = await reader.read();
    } catch (cause) {
      throw failure(cause);
    }
    if (chunk.done) return bytes.subarray(0, length);
    const needed = length + chunk.value.length;
    if (needed > bytes.length) {
      const larger = new Uint8Array(Math.max(needed, Math.min(2 * bytes.length, end ?? Infinity)));
      larger.set(bytes.subarray(0, length));
      bytes = larger;
    }
    bytes.set(chunk.value, length);
    length = needed;
    try {
      end ??= sizeOf(bytes.subarray(0, length));
    } catch (error) {
      void reader.cancel().catch(() => undefined);
      throw error;
    }
  }
  void reader.cancel().catch(() => undefined);
  return bytes.subarray(0, end + 1);
}

/**
 * Opens a file as a stream of chunks. Aborting ends the stream.
 *
 * @throws (rejects) naming the file, when it cannot be opened. Later errors of the stream do not name it: wrap them with {@link notRead}
 */
export async function openFile(source: FileSource, reading: FileReading): Promise<OpenedFile> {
  const { stream: whole, size } = await rawFile(source, reading);
  let read = 0;
  try {
    const { head, stream } = await peeked(whole, reading.signal, (bytes) => (read += bytes));
    const isCompressed = isGzip(head);
    return {
      stream: isCompressed ? decompressed(stream) : stream,
      isCompressed,
      size,
      read: () => read,
    };
  } catch (cause) {
    throw notRead(reading.operator, source, cause);
  }
}

/** Whether a source can be read only once. */
export function isReadOnce(source: FileSource): boolean {
  if (typeof source !== 'object' || source === null) return false;
  return 'getReader' in source || Symbol.asyncIterator in source || source instanceof Response;
}

/** The error for a file whose reading failed. */
export function notRead(operator: string, source: unknown, cause: unknown): Error {
  return new Error(`${operator}: ${nameOfFile(source)} could not be read to its end: ${String(cause)}`, {
    cause,
  });
}

/** The first two bytes of gzip (RFC 1952, section 2.3.1). No other format that is read here begins with them. */
function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

function decompressed(stream: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  return (stream as ReadableStream<Bytes>).pipeThrough(new DecompressionStream('gzip'));
}

/** Reads the first bytes, two or more if the stream has them, and returns them with a stream that still contains them. */
async function peeked(
  source: ReadableStream<Uint8Array>,
  signal: AbortSignal | undefined,
  count: (bytes: number) => void,
): Promise<{ readonly head: Uint8Array; readonly stream: ReadableStream<Uint8Array> }> {
  const reader = source.getReader();
  // Also ends a read that is under way.
  const leave = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener('abort', leave);
  /** A file that is read in many epochs has one signal for all of them: it must not remember each. */
  const read = async (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    const chunk = await reader.read();
    if (chunk.done) signal?.removeEventListener('abort', leave);
    return chunk;
  };
  let head: Uint8Array = new Uint8Array(0);
  let isOver = false;
  while (head.length < 2 && !isOver) {
    const { done, value } = await read();
    isOver = done;
    if (value) head = joinedBytes([head, bytesOf(value)]);
  }
  let first: Uint8Array | null = head;
  const stream = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const value = first ?? (await read()).value;
      first = null;
      if (!value) controller.close();
      else {
        const bytes = bytesOf(value);
        count(bytes.length);
        controller.enqueue(bytes);
      }
    },
    cancel: (reason) => {
      signal?.removeEventListener('abort', leave);
      return reader.cancel(reason);
    },
  });
  return { head, stream };
}

/** @throws unless a chunk is bytes; a stream of text has strings */
function bytesOf(chunk: unknown): Uint8Array {
  if (chunk instanceof Uint8Array) return chunk;
  const found = typeof chunk === 'string' ? 'text' : described(chunk);
  throw new Error(
    `a chunk of the stream is ${found}; wanted bytes (Uint8Array): read it without a TextDecoderStream, or put ` +
      '.pipeThrough(new TextEncoderStream()) behind it',
  );
}
