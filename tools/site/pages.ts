// Gathers the Markdown of the site: the guides of docs/, and the pages that only a site has.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MADE, PAGES, PUBLIC, SITE } from './places';

interface Link {
  readonly text: string;
  readonly link: string;
}
interface Group {
  readonly text: string;
  readonly items: readonly Link[];
  readonly collapsed?: boolean;
}

/** The guides in the order in which the sidebar has them. Those that are not named follow under `More`. */
const GROUPS: readonly { readonly text: string; readonly pages: readonly string[] }[] = [
  {
    text: 'Tutorials',
    pages: [
      'beginners',
      'streams',
      'from-tensorflow',
      'from-pytorch',
      'from-jax',
      'kernels',
      'deploying',
    ].map((name) => `tutorials/${name}`),
  },
  {
    text: 'Guides',
    pages: [
      'streams',
      'data',
      'learning',
      'models',
      'vision',
      'sound',
      'more-ops',
      'programs',
      'webgpu',
      'custom-kernels',
      'inspector',
      'nats',
      'frameworks',
      'from-tensorflow',
      'examples',
    ],
  },
  { text: 'Tables', pages: ['ops', 'accuracy', 'sizes'] },
  {
    text: 'Measured',
    pages: [
      'benchmarks',
      'benchmarks-models',
      'benchmarks-programs',
      'benchmarks-streams',
      'benchmarks-data',
      'benchmarks-vision',
      'benchmarks-scale',
      'scale',
    ],
  },
  { text: 'How it is made', pages: ['design', 'performance', 'performance-webgl'] },
];
/** Groups that are open at first: those for readers who begin. */
const OPEN = 2;

/** Copies the pages, and writes the sidebar of the guides. */
export function gatherPages(): void {
  rmSync(MADE, { recursive: true, force: true });
  cpSync('docs', PAGES, { recursive: true });
  cpSync(join(SITE, 'index.md'), join(PAGES, 'index.md'));
  mkdirSync(PUBLIC, { recursive: true });
  cpSync('examples/page/icon.svg', join(PUBLIC, 'icon.svg'));
  // Guides link to configurations that lie beside them.
  cpSync('docs/nats', join(PUBLIC, 'nats'), { recursive: true });
}

function guideSidebar(): Group[] {
  const named = GROUPS.flatMap(({ pages }) => pages);
  const all = readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => file.replace(/\.md$/, '').replaceAll('\\', '/'));
  const others = all.filter((page) => !named.includes(page)).sort();
  const groups = others.length > 0 ? [...GROUPS, { text: 'More', pages: others }] : GROUPS;
  return groups.map(({ text, pages }, i) => ({
    text,
    collapsed: i >= OPEN,
    items: pages
      .filter((page) => all.includes(page))
      .map((page) => ({ text: titleOf(join('docs', `${page}.md`)), link: `/${page}` })),
  }));
}

/** The entries of the package: each has an index of what it exports. */
function referenceSidebar(): Group[] {
  const folder = join(PAGES, 'reference');
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /^rxtensor(\/[\w-]+)?\/index\.md$/.test(file))
    .map((file) => file.replace(/\/index\.md$/, ''))
    .sort();
  return [{ text: 'Entries', items: names.map((name) => ({ text: name, link: `/reference/${name}/` })) }];
}

export function writeSidebars(): void {
  writeFileSync(
    join(MADE, 'sidebar.json'),
    JSON.stringify({ guides: guideSidebar(), reference: referenceSidebar() }),
  );
}

function titleOf(file: string): string {
  const title = /^# (.+)$/m.exec(readFileSync(file, 'utf8'))?.[1];
  if (title === undefined) throw new Error(`${file} has no title: a line that begins with #`);
  return title.replaceAll('`', '');
}
