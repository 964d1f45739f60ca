// `npm run site`: builds the documentation site as files for any static host.
//   npm run site -- --base /rxtensor/     for a host that serves it below a path
//   npm run site -- --out public          into another folder
//   npm run site -- --serve               and shows it
//   npm run site -- --no-reference        without the API reference, which takes the most time
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { makeExamples } from './examples';
import { gatherPages, writeSidebars } from './pages';
import { MADE, PUBLIC, SITE } from './places';
import { writeReference } from './reference';

const { values } = parseArgs({
  options: {
    base: { type: 'string', default: '/' },
    out: { type: 'string', default: join(MADE, 'out') },
    serve: { type: 'boolean', default: false },
    'no-reference': { type: 'boolean', default: false },
  },
});

function command(program: string, ...args: string[]): void {
  const { status } = spawnSync(program, args, { stdio: 'inherit' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed`);
}

const vitepress = join(SITE, 'node_modules/vitepress/bin/vitepress.js');
if (!existsSync(vitepress))
  command('npm', 'ci', '--silent', '--ignore-scripts', '--include=dev', '--prefix', SITE);
if (!existsSync('dist/index.js')) command('npm', 'run', 'build', '--silent');

gatherPages();
const examples = await makeExamples();
if (!values['no-reference']) await writeReference();
writeSidebars();
command(
  process.execPath,
  'node_modules/vite/bin/vite.js',
  'build',
  'examples',
  '--logLevel',
  'warn',
  '--outDir',
  resolve(PUBLIC, 'example-pages'),
  '--emptyOutDir',
);
const out = resolve(values.out);
command(process.execPath, vitepress, 'build', SITE, '--base', values.base, '--outDir', out);
console.log(`${values.out}: the site, with ${examples} examples that run in it`);
if (values.serve)
  command(
    process.execPath,
    'node_modules/vite/bin/vite.js',
    'preview',
    '--outDir',
    out,
    '--base',
    values.base,
  );
