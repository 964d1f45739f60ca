/** The library as it is published, built if need be. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** When the files below some places, and the folders themselves, were changed. */
function changesOf(...places: string[]): number[] {
  return places
    .filter((place) => existsSync(place))
    .flatMap((place) => {
      const state = statSync(place);
      if (!state.isDirectory()) return [state.mtimeMs];
      const within = readdirSync(place).filter((name) => !name.endsWith('.spec.ts'));
      return [state.mtimeMs, ...changesOf(...within.map((name) => join(place, name)))];
    });
}

/** Whether all of dist/ is younger than what it is made of: a check before this one may have built it. */
function isBuilt(): boolean {
  const sources = changesOf(
    'src',
    'rollup.config.js',
    'package.json',
    'tsconfig.src.json',
    'scripts/entries.js',
    'scripts/squeeze-shaders.js',
    'scripts/lacking-names.js',
    'docs/from-tensorflow.md',
  );
  const built = changesOf('dist');
  return built.length > 0 && Math.min(...built) > Math.max(...sources);
}

/** Builds dist/ unless it is there and up to date. */
export function buildLibrary(): void {
  if (isBuilt()) return;
  const { status, stdout, stderr } = spawnSync('npm', ['run', 'build', '--silent'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`npm run build failed:\n${stdout}${stderr}`);
}

/** Puts the built library into the packages of a folder, as npm would. */
export async function copyLibrary(packages: string): Promise<void> {
  buildLibrary();
  const place = join(packages, 'rxtensor');
  await rm(place, { recursive: true, force: true });
  await mkdir(place, { recursive: true });
  for (const name of ['package.json', 'dist']) await cp(name, join(place, name), { recursive: true });
}
