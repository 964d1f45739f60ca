/** Files of which parts are read: Parquet has its table of contents at the end. */
import { isReadOnce, loadFile, notRead, type FileSource } from '../files/file';
import { isPath, openPathRanges } from '../files/path';
import { nameOfFile, type FileReading } from '../streams/sources/fetched-file';

/** An open file. */
export interface RangedFile {
  readonly size: number;
  /** Reads the bytes from one place up to another, which lie in the file. */
  readonly read: (from: number, to: number) => Promise<Uint8Array>;
  readonly close: () => void;
}

/** The most bytes of a file that is read whole, as streams are. */
const MOST_BYTES = 2 ** 30;

/**
 * Opens a file: paths, Blobs, and addresses whose server gives ranges are read in parts. Everything else is read whole.
 *
 * @throws (rejects) naming the file, when it cannot be opened
 */
export async function openRanges(source: FileSource, reading: FileReading): Promise<RangedFile> {
  const file = await opened(source, reading);
  return {
    ...file,
    read: async (from, to) => {
      let bytes: Uint8Array;
      try {
        bytes = await file.read(from, to);
      } catch (cause) {
        throw notRead(reading.operator, source, cause);
      }
      if (bytes.length === to - from) return bytes;
      throw notRead(
        reading.operator,
        source,
        `found ${bytes.length} bytes from ${from} on; wanted ${to - from}`,
      );
    },
  };
}

async function opened(source: FileSource, reading: FileReading): Promise<RangedFile> {
  if (source instanceof Blob)
    return {
      size: source.size,
      read: async (from, to) => new Uint8Array(await source.slice(from, to).arrayBuffer()),
      close: () => undefined,
    };
  if (typeof source === 'string' || source instanceof URL) {
    if (isPath(source)) return openPathRanges(source, reading);
    const size = await sizeOfRanged(source, reading);
    if (size !== null) return fetchedInRanges(source, size, reading);
  }
  return inMemory(await wholeFile(source, reading));
}

function inMemory(bytes: Uint8Array): RangedFile {
  return {
    size: bytes.length,
    read: (from, to) => Promise.resolve(bytes.subarray(from, to)),
    close: () => undefined,
  };
}

function wholeFile(source: FileSource, reading: FileReading): Promise<Uint8Array> {
  return loadFile(source, reading, ({ length }) => {
    if (length <= MOST_BYTES) return null;
    const cure = isReadOnce(source) ? '; wanted a path, an address or a Blob, of which parts are read' : '';
    throw new Error(
      `${reading.operator}: ${nameOfFile(source)} has more than ${MOST_BYTES} bytes, all of which would be kept${cure}`,
    );
  });
}

/** The size of a file on a server that gives ranges, as far as it tells; null where it has to be read whole. */
async function sizeOfRanged(address: string | URL, { signal }: FileReading): Promise<number | null> {
  try {
    const { ok, headers } = await fetch(address, { method: 'HEAD', ...(signal && { signal }) });
    const size = Number(headers.get('content-length') ?? NaN);
    const isRanged = ok && !headers.get('content-encoding') && headers.get('accept-ranges') !== 'none';
    return isRanged && Number.isSafeInteger(size) && size > 0 ? size : null;
  } catch {
    // Some servers refuse HEAD. Whatever else is wrong, fetching it whole tells.
    return null;
  }
}

function fetchedInRanges(address: string | URL, size: number, reading: FileReading): RangedFile {
  /** The file, if the server gives it whole after all. */
  let whole: Promise<RangedFile> | null = null;
  const { signal } = reading;
  return {
    size,
    read: async (from, to) => {
      if (whole) return (await whole).read(from, to);
      const headers = { Range: `bytes=${from}-${to - 1}` };
      const response = await fetch(address, { headers, ...(signal && { signal }) });
      if (response.status === 206) {
        const length = Number(response.headers.get('content-length') ?? 0);
        if (length > to - from) throw new Error(`found ${length} bytes from ${from} on; wanted ${to - from}`);
        return new Uint8Array(await response.arrayBuffer());
      }
      if (!response.ok) throw new Error(`found status ${response.status}; wanted 206`);
      whole ??= wholeFile(response, reading).then(inMemory);
      return (await whole).read(from, to);
    },
    close: () => undefined,
  };
}
