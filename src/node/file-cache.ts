import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileCache } from '../models';
import { described } from '../tensor/argument';
import { replaceFile } from './replace-file';

/**
 * A folder in which `cachedFetch` keeps downloaded files. It is made when the first is written. Whoever removes it loses nothing but time.
 *
 * @example
 * ```ts browser
 * import { cachedFetch, loadGraphModel } from 'rxtensor/models';
 * import { fileCache } from 'rxtensor/node';
 *
 * const fetch = cachedFetch({ cache: fileCache('.cache/models') });
 * const model = await loadGraphModel('https://example.org/face/model.json', { fetch });
 * ```
 */
export function fileCache(folder: string): FileCache {
  if (typeof folder !== 'string' || folder === '')
    throw new Error(`fileCache: argument 'folder' is ${described(folder)}; wanted the path of a folder`);
  // Keys are addresses: they may be too long for a name, and hold anything.
  const fileOf = (key: string): string => join(folder, createHash('sha256').update(key).digest('hex'));
  return {
    read: async (key) => {
      try {
        return await readFile(fileOf(key));
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw error;
      }
    },
    write: async (key, bytes) => {
      await mkdir(folder, { recursive: true });
      await replaceFile(fileOf(key), bytes);
    },
    remove: (key) => rm(fileOf(key), { force: true }),
  };
}
