/** The bytes of a file as they lie there, as a stream. */
import { fetchFile, type FileReading } from '../streams/sources/fetched-file';
import type { FileSource } from './file';
import { isPath, openPath } from './path';

type Bytes = Uint8Array<ArrayBuffer>;

/** A stream of bytes, and their number where it is known. */
export interface RawFile {
  readonly stream: ReadableStream<Uint8Array>;
  readonly size: number | null;
}

/** @throws (rejects) naming the file, when it cannot be opened, or is nothing that can be read */
export async function rawFile(source: FileSource, reading: FileReading): Promise<RawFile> {
  if (typeof source === 'string' || source instanceof URL) {
    if (isPath(source)) return openPath(source, reading);
    return bodyOf(await fetchFile(source, reading));
  }
  if (source instanceof Blob) return { stream: source.stream(), size: source.size };
  if (source instanceof Uint8Array || source instanceof ArrayBuffer)
    return { stream: new Blob([source as Bytes]).stream(), size: source.byteLength };
  if (source instanceof Response) {
    if (!source.ok) throw wrong(reading, `a response with the status ${source.status}`, 'one with 200');
    if (source.bodyUsed) throw wrong(reading, 'a response that has been read', 'a new one, inside of defer');
    return bodyOf(source);
  }
  if (typeof source === 'object' && source !== null) {
    if ('getReader' in source) return { stream: source, size: null };
    if (Symbol.asyncIterator in source) return { stream: streamOf(source), size: null };
  }
  throw wrong(
    reading,
    String(source),
    'an address, a path, a Blob, bytes, a Response, a stream or an async iterable of bytes',
  );
}

function wrong({ operator }: FileReading, found: string, wanted: string): Error {
  return new Error(`${operator}: argument 'source' is ${found}; wanted ${wanted}`);
}

function bodyOf(response: Response): RawFile {
  const length = Number(response.headers.get('content-length') ?? NaN);
  // The length of a body that the browser decompresses is that of the compressed one.
  const isKnown = Number.isInteger(length) && !response.headers.get('content-encoding');
  return { stream: response.body ?? new Blob([]).stream(), size: isKnown ? length : null };
}

/** A stream of what an iterable yields, as it is asked for. */
function streamOf(source: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = source[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const next = await iterator.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      cancel: async () => {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
