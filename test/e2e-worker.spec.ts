import { mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { build, createServer, preview, type PreviewServer, type ViteDevServer } from 'vite';
import { browserFlags, findBrowser } from '../scripts/find-browser';

const configFile = 'examples/vite.config.ts';

/** The loss of guessing one digit of ten, where training begins: the first step that is seen may be well below it already. */
const GUESSING = Math.log(10);

/** What the page shows, as a reader sees it. */
interface Shown {
  readonly phase: string;
  readonly loss: number;
  readonly step: number;
  readonly rateUsed: string;
  readonly longestGap: string;
  /** Tensors on the page's own thread. */
  readonly tensors: string;
  readonly notices: string;
  readonly workers: number;
}

async function shown(page: Page): Promise<Shown> {
  const { phase, texts } = await page.evaluate(() => ({
    phase: document.body.dataset.phase ?? '',
    texts: Object.fromEntries(
      [...document.querySelectorAll('[id]')].map(({ id, textContent }) => [id, textContent]),
    ),
  }));
  return {
    phase,
    loss: Number(texts.loss),
    step: Number(texts.step?.replace(',', '')),
    rateUsed: texts['rate-used'] ?? '',
    longestGap: texts['longest-gap'] ?? '',
    tensors: texts['tensors-now'] ?? '',
    notices: texts.notices ?? '',
    workers: page.workers().length,
  };
}

/** Looks at the page until it shows what is wanted. */
async function until(page: Page, what: string, isWanted: (now: Shown) => boolean): Promise<Shown> {
  const limit = Date.now() + 120_000;
  for (;;) {
    const now = await shown(page);
    if (isWanted(now)) return now;
    if (Date.now() > limit)
      throw new Error(`the page does not come to where ${what}: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('the page that trains in a worker', () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    browser = await puppeteer.launch({ executablePath: await findBrowser(), args: browserFlags() });
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    page = await browser.newPage();
    page.setDefaultNavigationTimeout(120_000);
    await page.setViewport({ width: 1366, height: 768 });
    problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') problems.push(message.text());
    });
  });

  afterEach(() => page.close());

  /** Trains in a worker until it has learnt something: with not one tensor on the thread of the page. */
  async function trainInWorker(): Promise<void> {
    await page.click('#run');
    const seen = new Set<string>();
    await until(page, 'the loss is half of that of guessing', ({ loss, step, tensors }) => {
      seen.add(tensors);
      return step > 0 && loss > 0 && loss < GUESSING / 2;
    });
    expect([...seen]).toEqual(['0']);
    expect((await shown(page)).workers).toBe(1);
  }

  async function stop(): Promise<void> {
    await page.click('#stop');
    const stopped = await until(
      page,
      'it has stopped',
      ({ phase, workers }) => phase === 'stopped' && workers === 0,
    );
    expect(stopped.tensors).toBe('0');
  }

  describe('as npm run examples serves it', () => {
    let server: ViteDevServer;
    let address: string;

    beforeAll(async () => {
      const served = { port: 0, host: '127.0.0.1', hmr: false, watch: null };
      server = await createServer({ configFile, root: 'examples', logLevel: 'error', server: served });
      await server.listen();
      address = server.resolvedUrls?.local[0] ?? '';
    });

    afterAll(() => server.close());

    it('is in the gallery', async () => {
      await page.goto(address);
      await Promise.all([page.waitForNavigation(), page.click('a[href="./worker/"]')]);
      expect(await page.title()).toContain('Worker');
    });

    it('trains there, follows the slider, pauses, moves to the page and back, and stops', async () => {
      await page.goto(`${address}worker/`, { waitUntil: 'load' });
      await page.click('label:has(input[value="cpu"])');
      await trainInWorker();

      await page.focus('#rate');
      for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowLeft');
      await until(page, 'the slider counts', ({ rateUsed }) => rateUsed.includes('0.001.'));

      await page.click('#run');
      const paused = await until(page, 'it is paused', ({ phase }) => phase === 'paused');
      await page.click('#run');
      await until(page, 'it goes on', ({ step }) => step > paused.step + 5);

      await page.click('label:has(input[value="page"])');
      await until(
        page,
        'it trains on this thread',
        ({ phase, step, tensors, workers }) =>
          phase === 'running' && step > 0 && tensors !== '0' && workers === 0,
      );
      await page.click('label:has(input[value="worker"])');
      await until(
        page,
        'it trains in a worker again',
        ({ phase, step, tensors, workers }) =>
          phase === 'running' && step > 0 && tensors === '0' && workers === 1,
      );
      await stop();
      expect(problems).toEqual([]);
    });
  });

  describe('as vite build makes it', () => {
    let folder: string;
    let server: PreviewServer;
    let address: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rxtensor-examples-'));
      const config = { configFile, root: 'examples', logLevel: 'error' } as const;
      const output = { outDir: folder, emptyOutDir: true };
      await build({ ...config, build: output });
      server = await preview({ ...config, build: output, preview: { port: 0, host: '127.0.0.1' } });
      address = server.resolvedUrls?.local[0] ?? '';
    });

    afterAll(async () => {
      await server.close();
      await rm(folder, { recursive: true, force: true });
    });

    it('trains on WebGL in a worker, and its frames are measured', async () => {
      await page.goto(`${address}worker/`, { waitUntil: 'load' });
      expect(await page.$('input[value="webgl"]:checked')).not.toBeNull();
      await page.click('label:has(input[value="32"])');
      await trainInWorker();
      expect((await shown(page)).longestGap).toMatch(/^[\d,]+ ms$/);
      await stop();
      expect(problems).toEqual([]);
    });

    it('says what to do when the digits cannot be loaded by the worker', async () => {
      // What a worker asks for cannot be refused from here, as that of the page can: the file is taken away, and put back.
      const file = join(folder, 'train-images-idx3-ubyte');
      await rename(file, `${file}.away`);
      try {
        await page.goto(`${address}worker/`, { waitUntil: 'load' });
        await page.click('#run');
        const failed = await until(
          page,
          'it has failed, and the worker has ended',
          ({ phase, workers }) => phase === 'failed' && workers === 0,
        );
        expect(failed.notices).toMatch(/npm ci/);
      } finally {
        await rename(`${file}.away`, file);
      }
    });

    it('scrolls by itself, fits a phone, and can be dark and light', async () => {
      await page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
      await page.goto(`${address}worker/`, { waitUntil: 'load' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      const paper = (): Promise<string> =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const before = await paper();
      await page.click('#theme');
      expect(await paper()).not.toBe(before);
      await page.waitForFunction(() => (document.querySelector('#wall')?.scrollTop ?? 0) > 5);
      expect(problems).toEqual([]);
    });
  });
});
