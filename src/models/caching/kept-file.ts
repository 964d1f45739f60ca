/** A downloaded file in a cache: parts of it, and a record of them. */
import { at, isObject, listAt, numberOf, parseJson, type Json } from '../formats/json';
import type { FileCache } from './file-cache';

/** The record of a file. It is written behind each part, so that an interrupted download goes on behind the last. */
export interface FileRecord {
  /** Names the parts of one download: those of two at the same time are not mixed. */
  readonly id: string;
  /** What the server says of the file's version. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** The number of bytes that the server promises; null if it does not. */
  readonly total: number | null;
  /** The number of bytes of each part. */
  readonly parts: readonly number[];
  readonly isWhole: boolean;
}

export const lengthOf = ({ parts }: FileRecord): number => parts.reduce((sum, length) => sum + length, 0);

const textOrNull = (value: Json): string | null => (typeof value === 'string' ? value : null);

/** The record of an address; null if there is none, or it is damaged. */
export async function recordOf(cache: FileCache, address: string): Promise<FileRecord | null> {
  try {
    const bytes = await cache.read(address);
    if (!bytes) return null;
    const json = parseJson(bytes, address);
    const parts = listAt(json, 'parts', address).map(numberOf);
    const id = at(json, 'id');
    if (!isObject(json) || typeof id !== 'string' || !parts.every((length) => length > 0)) return null;
    const total = numberOf(at(json, 'total'));
    return {
      id,
      etag: textOrNull(at(json, 'etag')),
      lastModified: textOrNull(at(json, 'lastModified')),
      total: Number.isSafeInteger(total) ? total : null,
      parts,
      isWhole: at(json, 'isWhole') === true,
    };
  } catch {
    return null;
  }
}

export function writeRecord(cache: FileCache, address: string, record: FileRecord): Promise<void> {
  return cache.write(address, new TextEncoder().encode(JSON.stringify(record)));
}

const partKey = (address: string, { id }: FileRecord, part: number): string => `${address} ${id} ${part}`;

export function writePart(
  cache: FileCache,
  address: string,
  record: FileRecord,
  part: number,
  bytes: Uint8Array,
): Promise<void> {
  return cache.write(partKey(address, record, part), bytes);
}

/** The parts of a file, one by one. @throws (rejects) when one is missing; then the file is forgotten */
export async function* partsOf(
  cache: FileCache,
  address: string,
  record: FileRecord,
): AsyncGenerator<Uint8Array> {
  for (const [part, length] of record.parts.entries()) {
    const bytes = await cache.read(partKey(address, record, part)).catch(() => null);
    if (bytes?.length === length) {
      yield bytes;
      continue;
    }
    await forget(cache, address, record);
    throw new Error(
      `the kept copy of ${address} has ${bytes ? `${bytes.length} bytes` : 'nothing'} in part ${part}; wanted ${length}`,
    );
  }
}

/** Removes a file. What cannot be removed stays. */
export async function forget(cache: FileCache, address: string, record: FileRecord): Promise<void> {
  await removed(cache, address);
  await forgetParts(cache, address, record);
}

/** Removes the parts of a file, of which there is another download. */
export async function forgetParts(cache: FileCache, address: string, record: FileRecord): Promise<void> {
  await Promise.all(record.parts.map((_, part) => removed(cache, partKey(address, record, part))));
}

const removed = (cache: FileCache, key: string): Promise<void> => cache.remove(key).catch(() => undefined);
