/** The package as a user has it: packed, and installed from its tarball in a project of its own. */
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buildLibrary } from '../built-library';

/**
 * Runs a command, and returns what it wrote.
 *
 * @throws if it fails; the error has what it wrote
 */
export function command(cwd: string, program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  return stdout;
}

let installing: Promise<string> | undefined;

/** The folder of the project, which is made once for all specs of this process, and removed when that ends. */
export function installedPackage(): Promise<string> {
  return (installing ??= install());
}

async function install(): Promise<string> {
  const project = await mkdtemp(join(tmpdir(), 'rxtensor-package-'));
  process.once('exit', () => rmSync(project, { recursive: true, force: true }));
  buildLibrary();
  // rxjs comes from here too: the test needs no network.
  const packages = ['.', 'node_modules/rxjs', 'node_modules/tslib', 'node_modules/hyparquet'].map((folder) =>
    resolve(folder),
  );
  command('.', 'npm', 'pack', '--silent', '--ignore-scripts', '--pack-destination', project, ...packages);
  const tarballs = (await readdir(project)).map((name) => `./${name}`);
  await writeFile(join(project, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  command(project, 'npm', 'install', '--silent', '--offline', '--ignore-scripts', '--no-audit', ...tarballs);
  return project;
}
