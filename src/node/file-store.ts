import type { CheckpointStore } from '../streams/checkpoints/store';
import { resolve } from 'node:path';
import { readRegularFile, replaceFile } from './replace-file';
import { removeLeftovers } from './temporary-files';

/** By path: settles when the saves to it that this program has begun have ended. */
const underWay = new Map<string, Promise<void>>();
const saved = (path: string): Promise<void> => underWay.get(path) ?? Promise.resolve();

/**
 * Keeps a checkpoint in a file. A save writes a new file beside it, under a unique name, flushes that to the disk, and moves it into
 * its place in one move: a program that is killed in the middle, or a machine that loses power, leaves the checkpoint before whole. Several
 * programs may save to one path, and the last to finish wins. Within one program saves to a path are in order, and a load waits for those that are under way: a
 * run that has just ended can be resumed at once.
 *
 * Where the path is a link, what it leads to is written, and the link stays. The permissions of a file that is there stay as they are. A
 * file that a killed program has left (`path.….tmp`) is removed by the first save after an hour.
 *
 * @param path in a folder that is there
 * @throws (save and load reject) when the path is a folder or a device
 * @example
 * ```ts
 * import { mkdtempSync, rmSync } from 'node:fs';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { fileStore } from 'rxtensor/node';
 * const folder = mkdtempSync(join(tmpdir(), 'run-'));
 * const store = fileStore(join(folder, 'digits.checkpoint'));
 * store.load().then((bytes) => console.log(bytes)); // null: nothing was saved yet
 * rmSync(folder, { recursive: true });
 * ```
 */
export function fileStore(path: string): CheckpointStore {
  if (typeof path !== 'string' || path === '') {
    throw new Error(`fileStore: argument 'path' is ${JSON.stringify(path)}; wanted the path of a file`);
  }
  let isTidy = false;
  // A program may change its working directory.
  const place = resolve(path);
  const save = async (bytes: Uint8Array): Promise<void> => {
    const target = await replaceFile(place, bytes);
    if (isTidy) return;
    isTidy = true;
    await removeLeftovers(target);
  };
  return {
    name: `the file ${path}`,
    save: (bytes) => {
      const saving = saved(place).then(() => save(bytes));
      const settled = saving.then(
        () => undefined,
        () => undefined,
      );
      underWay.set(place, settled);
      void settled.then(() => {
        if (underWay.get(place) === settled) underWay.delete(place);
      });
      return saving;
    },
    load: async () => {
      await saved(place);
      return readRegularFile(place);
    },
  };
}
