import { resolve } from 'node:path';
import { build, type BuildOptions } from 'esbuild';
import { buildLibrary } from '../built-library';

/** The entries of the built library, in place of its source, which tsconfig.json names. */
const published: BuildOptions = {
  tsconfigRaw: {},
  alias: Object.fromEntries(
    ['', '/node'].map((path) => [`rxtensor${path}`, resolve(`dist/${path.slice(1) || 'index'}.js`)]),
  ),
};

/** A module for a page, with the built library in it: what it exports is in the global `entry`. */
export async function bundledForPage(file: string): Promise<string> {
  buildLibrary();
  const { outputFiles } = await build({
    ...published,
    entryPoints: [file],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'entry',
    target: 'es2022',
    logLevel: 'warning',
  });
  return outputFiles[0]!.text;
}

/** A module for Node, Bun and Deno, which imports packages by their names. */
export async function bundledForProcess(file: string, outfile: string): Promise<void> {
  await build({
    tsconfigRaw: {},
    entryPoints: [file],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    target: 'es2022',
    logLevel: 'warning',
  });
}
