// The entry points of the package, read from `exports` in package.json.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));

/**
 * The subpath by which users import each entry, its name in dist/, and its source:
 * `./tensor` is `dist/tensor.js` and `src/tensor/index.ts`.
 *
 * @type {readonly {subpath: string, name: string, source: string}[]}
 */
export const entries = Object.keys(manifest.exports)
  // The others are files that programs name, and import nothing of.
  .filter((subpath) => !/\.js(on)?$/.test(subpath))
  .map((subpath) => {
    const path = subpath.slice(2);
    return path === ''
      ? { subpath, name: 'index', source: 'src/index.ts' }
      : { subpath, name: path, source: `src/${path}/index.ts` };
  });

/** Names of entries that only hand on what `.` has, so that reports and references would repeat everything (`strangers` of test/support/package-program.ts checks it). */
export const partsOfRoot = ['tensor', 'cpu', 'streams'];
