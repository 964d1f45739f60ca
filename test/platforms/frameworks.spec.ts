// The same small training in React, Vue and Svelte, in a real browser: it learns, and nothing is left of it when it is unmounted.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'puppeteer-core';
import type * as vite from 'vite';
import { launchBrowser } from '../../scripts/launch-browser';
import { newPage, numberIn, pause, shown, until, widthOnPhone } from '../example-pages';
import { onPlatform } from './choice';
import { command, installExample } from './install';

const FOLDER = 'examples/frameworks';
/** Two variables; a step makes more. */
const WHILE_TRAINING = 2;

onPlatform('React, Vue and Svelte', () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];
  /** The addresses of the pages: as they are built, and as they are served while somebody works on them. */
  const sites = { built: '', developed: '' };
  const servers: { close: () => Promise<void> }[] = [];

  beforeAll(async () => {
    await installExample(FOLDER);
    // Its own, for which its plugins were made.
    const { build, createServer, preview } = (await import(
      pathToFileURL(join(process.cwd(), FOLDER, 'node_modules/vite/dist/node/index.js')).href
    )) as typeof vite;
    const configFile = join(FOLDER, 'vite.config.ts');
    const outDir = join(process.cwd(), '.cache/frameworks');
    const common = { configFile, root: FOLDER, logLevel: 'error' } as const;
    const local = { port: 0, host: '127.0.0.1' } as const;
    await build({ ...common, build: { outDir, emptyOutDir: true } });
    const built = await preview({ ...common, build: { outDir }, preview: local });
    const developed = await createServer({ ...common, server: { ...local, hmr: false, watch: null } });
    await developed.listen();
    servers.push(built, developed);
    sites.built = built.resolvedUrls?.local[0] ?? '';
    sites.developed = developed.resolvedUrls?.local[0] ?? '';
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
  });

  beforeEach(async () => {
    ({ page, problems } = await newPage(browser));
  });

  afterEach(() => page.close());

  const texts = async (): Promise<Readonly<Record<string, string>>> => (await shown(page)).texts;
  const wait = (what: string, isSo: (now: Readonly<Record<string, string>>) => boolean): Promise<unknown> =>
    until(texts, what, isSo);

  const pages = [
    ['react', 'built'],
    ['vue', 'built'],
    ['svelte', 'built'],
    // Here StrictMode mounts twice.
    ['react', 'developed'],
  ] as const;
  for (const [name, site] of pages) {
    it(`trains, ends when it is unmounted, and begins again: ${name}, ${site}`, async () => {
      await page.goto(`${sites[site]}${name}/`, { waitUntil: 'load' });
      for (const time of ['the first', 'the second']) {
        await wait(`it has learnt, ${time} time`, (now) => Number(now.loss) < 0.1 && numberIn(now.step) > 10);
        const most = Math.max(...(await seen(() => texts().then(({ tensors }) => Number(tensors)))));
        expect(most).toBe(WHILE_TRAINING);
        await page.click('#switch');
        await wait(`nothing is left, ${time} time`, ({ tensors }) => tensors === '0');
        expect((await texts()).loss).toBeUndefined();
        await page.click('#switch');
      }
      expect(problems).toEqual([]);
    });
  }

  it('are typed, in their templates too', async () => {
    // It rejects with what they found.
    const { all } = await command('npm', ['run', 'typecheck', '--silent'], { cwd: FOLDER });
    expect(all).toContain('0 errors');
  });

  it('fits a phone', async () => {
    for (const name of ['', 'react/', 'vue/', 'svelte/'])
      expect(await widthOnPhone(page, `${sites.built}${name}`)).toBe(390);
  });
});

/** What is seen at ten looks. */
async function seen<T>(look: () => Promise<T>): Promise<T[]> {
  const all: T[] = [];
  for (let i = 0; i < 10; i++) {
    all.push(await look());
    await pause(30);
  }
  return all;
}
