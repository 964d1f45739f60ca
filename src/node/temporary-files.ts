import { randomBytes } from 'node:crypto';
import { lstat, readdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const HOUR = 3_600_000;

/** A unique name for a temporary file beside a file. */
export function temporaryName(path: string): string {
  return `${path}.${randomBytes(6).toString('hex')}.tmp`;
}

/**
 * Removes what killed programs have left of their writes to a file. A write that goes on changes its file all the time, so that only
 * what has not changed for an hour was left. (The number of a process would not tell: containers that share a folder have their own.)
 * What cannot be removed stays: the file itself is written.
 */
export async function removeLeftovers(path: string): Promise<void> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => isTemporaryOf(basename(path), each))) {
    const file = join(folder, name);
    try {
      const state = await lstat(file);
      if (state.isFile() && Date.now() - state.mtimeMs > HOUR) await rm(file);
    } catch {
      // Another program may have removed it, or own it.
    }
  }
}

function isTemporaryOf(file: string, name: string): boolean {
  return name.startsWith(`${file}.`) && /^[0-9a-f]{12}\.tmp$/.test(name.slice(file.length + 1));
}
