import type { Stats } from 'node:fs';
import {
  lstat,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { temporaryName } from './temporary-files';

/** How many symbolic links are followed in a row: as many as Linux follows. */
const MOST_LINKS = 40;
const PERMISSIONS = 0o777;
/** The permissions of a file before it gets those of the old one: nobody else may read it. */
const PRIVATE = 0o600;

/**
 * Replaces the content of a file, or makes the file. Whoever looks at it finds the old content or the new, whole, also after a crash: a new
 * file is written beside it, brought to the disk, and renamed, which POSIX does in one step (`rename` of IEEE Std 1003.1).
 *
 * @returns the path of the file that was written: the end of the links, where `path` is one
 * @throws (rejects) when it cannot; then the file is as it was, and nothing is left beside it
 */
export async function replaceFile(path: string, bytes: Uint8Array): Promise<string> {
  const target = await endOfLinks(path);
  const before = await stateOf(target);
  if (before) assertRegularFile(path, before);
  const temporary = temporaryName(target);
  // 'wx': fails where the name is taken, and follows no link that was planted there.
  const file = await open(temporary, 'wx', before ? PRIVATE : undefined);
  try {
    try {
      await file.writeFile(bytes);
      if (before) await takeOver(file, before);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw error;
  }
  await syncFolder(dirname(target));
  return target;
}

/** The content of a file; null when there is no file. @throws (rejects) for a folder, and for a device or a pipe, which might never end */
export async function readRegularFile(path: string): Promise<Uint8Array | null> {
  const state = await stateOf(path);
  if (!state) return null;
  assertRegularFile(path, state);
  return readFile(path);
}

/** The path at the end of symbolic links, whether or not there is a file. */
async function endOfLinks(path: string): Promise<string> {
  let end = resolve(path);
  for (let links = 0; links < MOST_LINKS; links++) {
    const state = await ifThere(lstat(end));
    if (!state?.isSymbolicLink()) return state ? realpath(end) : end;
    end = resolve(await realpath(dirname(end)), await readlink(end));
  }
  throw new Error(`fileStore: ${path} is a link that leads to itself; wanted the path of a file`);
}

function stateOf(path: string): Promise<Stats | null> {
  return ifThere(stat(path));
}

async function ifThere<T>(asking: Promise<T>): Promise<T | null> {
  try {
    return await asking;
  } catch (error) {
    if (isCode(error, 'ENOENT')) return null;
    throw error;
  }
}

function assertRegularFile(path: string, state: Stats): void {
  if (state.isFile()) return;
  const found = state.isDirectory() ? 'a folder' : 'a device, a pipe or a socket';
  throw new Error(`fileStore: ${path} is ${found}; wanted the path of a file`);
}

/** Gives the new file the permissions of the old one, and its owner where that is another and this program may change owners. */
async function takeOver(file: FileHandle, { mode, uid, gid }: Stats): Promise<void> {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) await file.chown(uid, gid).catch(() => undefined);
  await file.chmod(mode & PERMISSIONS);
}

/** Errors of flushing a folder that are ignored: Windows opens no folders, some folders are writable and not readable, some file systems lack it. */
const REFUSALS = ['EACCES', 'EPERM', 'EISDIR', 'EINVAL', 'ENOTSUP'];

/** Flushes the new name to the disk, where the system can do it. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  } catch (error) {
    if (!REFUSALS.some((code) => isCode(error, code))) throw error;
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && (error as NodeJS.ErrnoException).code === code;
}
