import type { CheckpointStore } from '../streams/checkpoints/store';
import { readRegularFile, replaceFile } from './replace-file';
import { removeLeftovers } from './temporary-files';

/**
 * Keeps a checkpoint in a file. A save writes a new file beside it, under a unique name, flushes that to the disk, and moves it into
 * its place in one move: a program that is killed in the middle, or a machine that loses power, leaves the checkpoint before whole. Several
 * stores and programs may save to one path; the last to finish wins, and those of one store are in order.
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
  /** Settles when all saves so far have ended. */
  let saves: Promise<unknown> = Promise.resolve();
  const save = async (bytes: Uint8Array): Promise<void> => {
    const target = await replaceFile(path, bytes);
    if (isTidy) return;
    isTidy = true;
    await removeLeftovers(target);
  };
  return {
    name: `the file ${path}`,
    save: (bytes) => {
      const saving = saves.then(() => save(bytes));
      saves = saving.catch(() => undefined);
      return saving;
    },
    load: () => readRegularFile(path),
  };
}
