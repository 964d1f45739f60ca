/**
 * Files by their paths, in Node. `process.getBuiltinModule` (Node 20.16, 22.3) gives `node:fs` without an import, which bundlers for the browser
 * would have to resolve.
 */
import type { FileReading } from '../streams/sources/fetched-file';
import type { RawFile } from './raw-file';

/** What is used of `node:fs/promises`. */
interface FileSystem {
  readonly open: (path: string | URL) => Promise<{
    readonly stat: () => Promise<{ readonly size: number; readonly isFile: () => boolean }>;
    readonly read: (
      into: Uint8Array,
      offset?: number,
      length?: number,
      position?: number,
    ) => Promise<{ readonly bytesRead: number }>;
    readonly close: () => Promise<void>;
  }>;
}

/** A file that is open. */
interface OpenPath {
  readonly file: Awaited<ReturnType<FileSystem['open']>>;
  /** Null for a pipe. */
  readonly size: number | null;
  readonly close: () => Promise<void>;
}

interface Process {
  readonly versions?: { readonly node?: string };
  readonly getBuiltinModule?: (name: string) => unknown;
}

/** The number of bytes that are read at once. */
const PIECE = 1 << 18;
/** The scheme of an address; a single letter is a drive of Windows. */
const SCHEME = /^[a-z][a-z\d+.-]+:/i;

function nodeProcess(): Process | null {
  const { process } = globalThis as { readonly process?: Process };
  return process?.versions?.node === undefined ? null : process;
}

/** Whether it is a path, or a `file:` address, in Node. A page has addresses only. */
export function isPath(source: string | URL): boolean {
  if (!nodeProcess()) return false;
  const text = String(source);
  return /^file:/i.test(text) || !SCHEME.test(text);
}

/** @throws (rejects) naming the file, when it cannot be opened */
export async function openPath(source: string | URL, reading: FileReading): Promise<RawFile> {
  const { file, size, close } = await opened(source, reading);
  return { stream: streamOf((into) => file.read(into), close), size };
}

/**
 * Opens a file to read parts of it.
 *
 * @throws (rejects) naming the file, when it cannot be opened, or is no file
 */
export async function openPathRanges(
  source: string | URL,
  reading: FileReading,
): Promise<{
  readonly size: number;
  readonly read: (from: number, to: number) => Promise<Uint8Array>;
  readonly close: () => void;
}> {
  const { file, size, close } = await opened(source, reading);
  if (size === null) {
    await close();
    throw new Error(`${reading.operator}: ${String(source)} is no file of which parts can be read`);
  }
  return {
    size,
    read: async (from, to) => {
      const bytes = new Uint8Array(to - from);
      let length = 0;
      while (length < bytes.length) {
        const { bytesRead } = await file.read(bytes, length, bytes.length - length, from + length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return bytes.subarray(0, length);
    },
    close: () => void close().catch(() => undefined),
  };
}

async function opened(source: string | URL, { operator, signal }: FileReading): Promise<OpenPath> {
  const { getBuiltinModule } = nodeProcess()!;
  if (!getBuiltinModule)
    throw new Error(
      `${operator}: ${String(source)} is a path, for which this version of Node lacks process.getBuiltinModule; ` +
        "wanted Node 20.16, 22.3 or later, or a stream: createReadStream(path) of 'node:fs'",
    );
  const { open } = getBuiltinModule('node:fs/promises') as FileSystem;
  try {
    const file = await open(/^file:/i.test(String(source)) ? new URL(source) : source);
    let isOpen = true;
    const close = async (): Promise<void> => {
      if (!isOpen) return;
      isOpen = false;
      await file.close();
    };
    try {
      const state = await file.stat();
      if (signal?.aborted) throw new Error('it was left');
      // A pipe has no size.
      return { file, size: state.isFile() ? state.size : null, close };
    } catch (error) {
      await close();
      throw error;
    }
  } catch (cause) {
    throw new Error(`${operator}: ${String(source)} could not be opened: ${String(cause)}`, { cause });
  }
}

function streamOf(
  read: (into: Uint8Array) => Promise<{ readonly bytesRead: number }>,
  close: () => Promise<void>,
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        const bytes = new Uint8Array(PIECE);
        let length: number;
        try {
          length = (await read(bytes)).bytesRead;
        } catch (error) {
          await close();
          throw error;
        }
        if (length > 0) controller.enqueue(bytes.subarray(0, length));
        else {
          await close();
          controller.close();
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}
