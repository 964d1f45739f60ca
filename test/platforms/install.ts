/** Installs what a platform needs: packages of its own, which the main install lacks, and this library as it is published. */
import { spawn } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { copyLibrary } from '../built-library';

/** What a command wrote. */
export interface Output {
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly all: string;
}

/** How a command is run. */
export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Runs a command.
 *
 * @throws if it fails; the error has what it wrote
 */
export function command(
  program: string,
  args: readonly string[],
  { cwd, env }: CommandOptions = {},
): Promise<Output> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, all] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text;
      all += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => (all += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve({ stdout, all });
      else reject(new Error(`${program} ${args.join(' ')} ended with ${code}:\n${all}`));
    });
  });
}

/** Installs the packages of a folder by its package-lock.json, unless they are there. */
export async function installPackages(folder: string): Promise<void> {
  const installed = join(folder, 'node_modules/.package-lock.json');
  const lock = join(folder, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs > statSync(lock).mtimeMs) return;
  // The spec before may have built with Vite, which sets NODE_ENV to production for the whole process: npm leaves development's packages out then.
  await command('npm', ['ci', '--ignore-scripts', '--no-audit', '--include=dev'], { cwd: folder });
}

/** Installs the packages of an example, with the library as it is built now. */
export async function installExample(folder: string): Promise<void> {
  await installPackages(folder);
  await copyLibrary(join(folder, 'node_modules'));
}
