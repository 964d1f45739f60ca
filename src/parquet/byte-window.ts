import type { RangedFile } from './ranged-file';

/** A part of a file, read from its beginning to its end, some bytes ahead. */
export interface ByteWindow {
  readonly left: () => number;
  /** At least so many of the next bytes, which are not passed. */
  readonly peek: (count: number) => Promise<Uint8Array>;
  /** Passes the next bytes, and returns a copy of them. */
  readonly read: (count: number) => Promise<Uint8Array>;
  /** Passes the next bytes; they are not read, unless they were. */
  readonly skip: (count: number) => void;
}

/** @param piece how many bytes are read at once, at least */
export function byteWindow(file: RangedFile, from: number, to: number, piece: number): ByteWindow {
  let at = from;
  let ahead = new Uint8Array(0);
  const skip = (count: number): void => {
    at += count;
    ahead = ahead.subarray(count);
  };
  const peek = async (count: number): Promise<Uint8Array> => {
    if (ahead.length >= count) return ahead;
    const begin = at + ahead.length;
    const more = await file.read(begin, Math.min(to, Math.max(at + count, begin + piece)));
    const both = new Uint8Array(ahead.length + more.length);
    both.set(ahead);
    both.set(more, ahead.length);
    ahead = both;
    return ahead;
  };
  return {
    left: () => to - at,
    peek,
    skip,
    read: async (count) => {
      const bytes = (await peek(count)).slice(0, count);
      skip(count);
      return bytes;
    },
  };
}
