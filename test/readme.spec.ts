// The README says what is there: its files of the package, its sources and operators, its pages.
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as dl from 'rxtensor';
import { inspect } from 'rxtensor/inspector';
import { explain } from 'rxtensor/programs';
import { entries } from '../scripts/entries.js';

const readme = readFileSync('README.md', 'utf8');
/** Names in backticks. */
const named = new Set([...readme.matchAll(/`(\w+)/g)].map(([, name = '']) => name));

/** Files of the package that rollup.config.js writes, besides the entries. */
const scripts = ['dist/rxtensor.min.js', 'dist/rxtensor.js'];

function exportedFrom(folder: string): string[] {
  const index = readFileSync('src/streams/api.ts', 'utf8');
  return [...index.matchAll(/^export \{([^}]*)\} from '\.\/([\w/-]+)';$/gm)]
    .filter(([, , file = '']) => dirname(file) === folder)
    .flatMap(([, names = '']) => names.split(',').map((name) => name.trim()))
    .filter((name) => /^[a-z]/.test(name) && !name.startsWith('type '));
}

describe('The README', () => {
  it('has addresses of files that the package has', () => {
    const built = [...scripts, ...entries.map(({ name }) => `dist/${name}.js`)];
    const files = [...readme.matchAll(/npm\/rxtensor(?:@[^/]+)?\/([^"'\s]+)/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(2);
    expect(files.filter((file) => !built.includes(file))).toEqual([]);
    const config = readFileSync('rollup.config.js', 'utf8');
    expect(scripts.filter((file) => !config.includes(`'${file}'`))).toEqual([]);
  });

  it('has every source and operator of streams in its table', () => {
    const all = ['sources', 'operators'].flatMap(exportedFrom);
    expect(all.length).toBeGreaterThan(35);
    expect(all.filter((name) => !named.has(name))).toEqual([]);
  });

  it('names tools that exist', () => {
    for (const tool of [dl.backendReport, dl.profile, dl.enableDebugMode, inspect, explain])
      expect(readme).toContain(`\`${tool.name}(`.replace('`profile(', '`await profile('));
  });

  it('links to files that exist, as the guides do', () => {
    const pages = readdirSync('docs', { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md'))
      .map((file) => join('docs', file));
    const dead = ['README.md', ...pages].flatMap((page) =>
      [...readFileSync(page, 'utf8').matchAll(/\]\(([^)\s#:]+)(#[^)]*)?\)/g)]
        .map(([, file = '']) => join(dirname(page), file))
        .filter((file) => !existsSync(file))
        .map((file) => `${page}: ${file}`),
    );
    expect(dead).toEqual([]);
  });
});
