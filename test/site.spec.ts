// The documentation site: it is built as it is published, and examples are run in it as a reader does. A run draws a few of the guides' examples by its seed;
// `--flags site=all`, as in `npm run test:long`, builds the reference too and runs every example.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, posix } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../scripts/launch-browser';
import { newPage, until, widthOnPhone } from './example-pages';
import { testRun } from './support/test-run';

const { site = 'some', seed = 1 } = testRun();
const isWhole = site === 'all';
const OUT = '.cache/site-spec';
/** A host that serves the site below a path, which is the harder case. */
const BASE = '/rxtensor/';
/** So many examples are drawn. */
const DRAWN = 6;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** The files of the built site, as paths below it. */
function builtFiles(ending: string): string[] {
  return readdirSync(OUT, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith(ending));
}

const html = (page: string): string => readFileSync(join(OUT, page), 'utf8');

interface RunnableExample {
  readonly page: string;
  readonly name: string;
}

function runnableExamples(): RunnableExample[] {
  return builtFiles('.html').flatMap((page) =>
    [...html(page).matchAll(/data-example="([\w-]+)"/g)].map(([, name = '']) => ({ page, name })),
  );
}

/** Some of them, which differ from seed to seed. */
function drawn(all: readonly RunnableExample[]): readonly RunnableExample[] {
  if (isWhole) return all;
  const step = Math.floor(all.length / DRAWN);
  return Array.from({ length: DRAWN }, (_, i) => all[(seed + i * step) % all.length]!);
}

describe('The documentation site', () => {
  let browser: Browser;
  let server: Server;
  let address: string;

  beforeAll(async () => {
    const options = ['--base', BASE, '--out', OUT, ...(isWhole ? [] : ['--no-reference'])];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      ['--import', 'tsx', 'tools/site/index.ts', ...options],
      { encoding: 'utf8' },
    );
    if (status !== 0) throw new Error(`the site was not built: ${stdout}${stderr}`);
    server = createServer((request, response) => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const path = pathname.endsWith('/') ? `${pathname}index.html` : pathname;
      try {
        if (!path.startsWith(BASE)) throw new Error('outside of the site');
        const file = readFileSync(join(OUT, decodeURIComponent(path.slice(BASE.length))));
        response.setHeader('content-type', TYPES[extname(path)] ?? 'application/octet-stream');
        response.end(file);
      } catch {
        response.statusCode = 404;
        response.end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}${BASE}`;
    browser = await launchBrowser();
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  /** Opens the page of an example and presses its button; gives what it has printed. */
  async function run({ page: file, name }: RunnableExample, page: Page): Promise<string> {
    if (!page.url().endsWith(file)) await page.goto(address + file, { waitUntil: 'load' });
    const box = `[data-example="${name}"]`;
    // The page answers when its script has taken over from the server's HTML.
    return until(
      () =>
        page.$eval(box, (each) => {
          const { dataset } = each as HTMLElement;
          if (dataset.state === 'idle') each.querySelector<HTMLElement>('.runnable-run')!.click();
          return each.querySelector('.runnable-output')?.textContent ?? '';
        }),
      `${name} on ${file} has printed something`,
      (text) => text !== '',
    );
  }

  it('trains a line on its front page, when a reader presses Run', async () => {
    const { page, problems } = await newPage(browser);
    const [example] = runnableExamples().filter((each) => each.page === 'index.html');
    await run(example!, page);
    const [slope, offset] = await until(
      async () => {
        const text = await page.$eval('.runnable-output', (output) => output.textContent);
        return (/^y = ([\d.-]+) x \+ ([\d.-]+)/m.exec(text) ?? []).slice(1).map(Number);
      },
      'the line is found',
      (found) => found.length === 2,
    );
    expect(slope).toBeCloseTo(2, 0);
    expect(offset).toBeCloseTo(1, 0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('runs eight examples of a page at once, and stops the oldest for one more', async () => {
    const all = runnableExamples();
    const [full] = all.filter(({ page: file }) => all.filter((other) => other.page === file).length > 9);
    const { page } = await newPage(browser);
    const nine = all.filter(({ page: file }) => file === full!.page).slice(0, 9);
    for (const each of nine) await run(each, page);
    const boxes = await page.$$eval('[data-example]', (found) =>
      found.map((box) => ({
        name: (box as HTMLElement).dataset.example,
        isRunning: (box as HTMLElement).dataset.state === 'running',
        hasPrinted: box.querySelector('.runnable-output') !== null,
      })),
    );
    expect(boxes.filter(({ hasPrinted }) => hasPrinted).map(({ name }) => name)).toEqual(
      nine.map(({ name }) => name),
    );
    expect(boxes.filter(({ isRunning }) => isRunning).map(({ name }) => name)).toEqual(
      nine.slice(1).map(({ name }) => name),
    );
    expect((await page.$$('iframe')).length).toBe(8);
    await page.close();
  }, 120_000);

  it(
    'runs examples of its pages',
    async () => {
      const all = runnableExamples();
      expect(all.length).toBeGreaterThan(40);
      const failures: string[] = [];
      let open = null as { readonly file: string; readonly page: Page } | null;
      for (const each of drawn(all)) {
        // A reader runs several examples of a page, one after the other.
        if (open?.file !== each.page) {
          await open?.page.close();
          const { page } = await newPage(browser);
          page.on('pageerror', (error) => failures.push(`${each.page}: ${String(error)}`));
          open = { file: each.page, page };
        }
        const { page } = open;
        try {
          await run(each, page);
          const errors = await page.$$eval(`[data-example="${each.name}"] .error`, (lines) =>
            lines.map(({ textContent }) => textContent),
          );
          failures.push(...errors.map((error) => `${each.page}, ${each.name}: ${error}`));
          // One that never ends would take time from those after it.
          await page.$eval(`[data-example="${each.name}"]`, (box) =>
            [...box.querySelectorAll('button')]
              .find(({ textContent }) => textContent.trim() === 'Stop')
              ?.click(),
          );
        } catch (error) {
          failures.push(`${each.page}, ${each.name}: ${String(error)}`);
        }
      }
      await open?.page.close();
      expect(failures).toEqual([]);
    },
    isWhole ? 7_200_000 : 300_000,
  );

  it('has an anchor for every link (the generator looks for the pages)', () => {
    const dead: string[] = [];
    const anchors = new Map<string, Set<string>>();
    const anchorsOf = (page: string): Set<string> => {
      const known =
        anchors.get(page) ?? new Set([...html(page).matchAll(/ id="([^"]+)"/g)].map(([, id = '']) => id));
      anchors.set(page, known);
      return known;
    };
    for (const page of builtFiles('.html').filter((file) => !/^(run|example-pages)\//.test(file))) {
      for (const [, link = ''] of html(page).matchAll(/<a [^>]*href="([^"]*#[^"]+)"/g)) {
        if (/^\w+:/.test(link)) continue;
        const [path = '', anchor = ''] = link.split('#');
        const below = path.startsWith(BASE)
          ? path.slice(BASE.length)
          : path && posix.join(dirname(page), path);
        const target = below === '' ? (path === '' ? page : 'index.html') : below;
        const file = target.endsWith('/') ? `${target}index.html` : target;
        if (!anchorsOf(file).has(decodeURIComponent(anchor))) dead.push(`${page}: ${link}`);
      }
    }
    expect(dead).toEqual([]);
  });

  it('finds a word in its guides', async () => {
    const { page, problems } = await newPage(browser);
    await page.goto(`${address}streams.html`, { waitUntil: 'networkidle0' });
    await page.click('#local-search button');
    await page.waitForSelector('.search-input');
    await page.type('.search-input', 'early stopping');
    const found = await until(
      () => page.$$eval('.results .result', (results) => results.map(({ textContent }) => textContent)),
      'something is found',
      (results) => results.length > 0,
    );
    expect(found.some((text) => text.includes('Early stopping'))).toBeTrue();
    expect(problems).toEqual([]);
    await page.close();
  });

  it('opens an example page in its own page', async () => {
    const { page, problems } = await newPage(browser);
    await page.goto(`${address}examples.html`, { waitUntil: 'networkidle0' });
    await page.click('.runnable-run');
    const frame = await (await page.waitForSelector('iframe.example-page'))!.contentFrame();
    await frame.waitForSelector('h1');
    expect(await frame.$eval('h1', ({ textContent }) => textContent)).not.toBe('');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('is dark and light, and as wide as a phone', async () => {
    const { page } = await newPage(browser);
    await page.goto(`${address}streams.html`, { waitUntil: 'networkidle0' });
    const background = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const before = await background();
    await page.click('.VPNavBarAppearance button');
    expect(await background()).not.toBe(before);
    for (const file of ['index.html', 'tutorials/beginners.html', 'from-tensorflow.html'])
      expect(await widthOnPhone(page, address + file))
        .withContext(file)
        .toBe(390);
    await page.close();
  });
});
