// A module that is imported while a server renders a page finds no document. So no entry looks for one before something is asked of it.
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { entries } from '../scripts/entries.js';
import { buildLibrary } from './built-library';

/** What pages have and servers lack. Each is there, and notes that somebody looks at it. */
const OF_PAGES = ['document', 'window', 'HTMLCanvasElement', 'OffscreenCanvas', 'localStorage', 'indexedDB'];

const program = `
const seen = [];
for (const name of ${JSON.stringify(OF_PAGES)})
  Object.defineProperty(globalThis, name, { configurable: true, get() { seen.push(name); return undefined; } });
for (const file of process.argv.slice(1)) await import(file);
console.log(JSON.stringify(seen));
`;

describe('importing the library', () => {
  it('looks at nothing that only a page has', () => {
    buildLibrary();
    // The client of NATS looks for a window itself.
    const own = entries.filter(({ name }) => name !== 'nats');
    const files = own.map(({ name }) => pathToFileURL(resolve('dist', `${name}.js`)).href);
    expect(files.length).toBeGreaterThan(10);
    const { stdout, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '--eval', program, ...files],
      { encoding: 'utf8' },
    );
    expect(stderr).toBe('');
    expect(JSON.parse(stdout)).toEqual([]);
  });
});
