// The site's pages are made by tools/site (npm run site) in a folder of their own: the guides of docs/, the reference, and what stands here.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitepress';
import type MarkdownIt from 'markdown-it';
import type { SiteExample } from '../../tools/site/examples';
import { keyOf } from '../../tools/site/example-key';

const made = join(import.meta.dirname, '../../.cache/site');
const examples = JSON.parse(readFileSync(join(made, 'examples.json'), 'utf8')) as Record<string, SiteExample>;
const { guides, reference } = JSON.parse(readFileSync(join(made, 'sidebar.json'), 'utf8'));

/** Puts a button that runs it around every example, or says where it runs. */
function runnableExamples(md: MarkdownIt): void {
  const fence = md.renderer.rules.fence!;
  md.renderer.rules.fence = (tokens, i, options, env, self) => {
    const { info, content } = tokens[i]!;
    const block = fence(tokens, i, options, env, self);
    if (!/^ts( |$)/.test(info)) return block;
    const example = examples[keyOf(content)];
    if (!example) throw new Error(`an example that no test runs: ${content.slice(0, 200)}`);
    const { name, runs } = example;
    if (runs === 'page' || runs === 'anywhere')
      return `<RunnableExample name="${name}"${runs === 'page' ? ' page' : ''}>${block}</RunnableExample>\n`;
    return `${block}<p class="runs-elsewhere">${runs}</p>\n`;
  };
}

export default defineConfig({
  title: 'rxtensor',
  description:
    'Tensors, automatic differentiation and training as RxJS observables, on WebGL and SIMD WebAssembly',
  lang: 'en',
  srcDir: '../.cache/site/pages',
  cacheDir: '../.cache/site/cache',
  outDir: '../.cache/site/out',
  // Static hosts and folders know files, not addresses without endings.
  cleanUrls: false,
  markdown: { config: runnableExamples, anchor: { slugify: githubSlug } },
  // Below the base, which an option of the command sets.
  transformHead: ({ siteData: { base } }) => [
    ['link', { rel: 'icon', href: `${base}icon.svg`, type: 'image/svg+xml' }],
  ],
  // Without the reference, which takes the most time, links to it are not followed.
  ignoreDeadLinks: reference.length === 0 ? [/\/reference\//] : false,
  // The sidebar is one file for all pages.
  metaChunk: true,
  vite: {
    // Pages are large by nature: the reference of an entry is one list.
    build: { chunkSizeWarningLimit: 2000 },
  },
  themeConfig: {
    logo: '/icon.svg',
    search: { provider: 'local' },
    outline: [2, 3],
    externalLinkIcon: true,
    nav: [
      { text: 'Guide', link: '/tutorials/beginners', activeMatch: '^/(?!examples)(tutorials/)?[\\w-]+$' },
      { text: 'Reference', link: '/reference/' },
      { text: 'Examples', link: '/examples' },
    ],
    sidebar: { '/reference/': reference, '/': guides },
  },
});

/** The anchor of a heading as GitHub makes it, so that the same links work there. */
function githubSlug(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\p{M} _-]/gu, '')
    .replaceAll(' ', '-');
}
