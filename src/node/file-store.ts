import { open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { CheckpointStore } from '../streams/checkpoints/store';

/**
 * Keeps a checkpoint in a file. It is written beside the file (`path.tmp`), brought to the disk, and put in its place in one move:
 * a program that is killed in the middle, or a machine that loses power, leaves the checkpoint before whole.
 *
 * @param path in a folder that is there
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
  return {
    name: `the file ${path}`,
    save: async (bytes) => {
      const temporary = `${path}.tmp`;
      await writeToDisk(temporary, bytes);
      await rename(temporary, path);
      await syncFolder(dirname(path));
    },
    load: async () => {
      try {
        return await readFile(path);
      } catch (error) {
        if (isCode(error, 'ENOENT')) return null;
        throw error;
      }
    },
  };
}

async function writeToDisk(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'w');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Brings the new name to the disk. Windows opens no folders, and needs none of this. */
async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
