import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { build, createServer, preview, type PreviewServer, type ViteDevServer } from 'vite';
import { browserFlags, findBrowser } from '../scripts/find-browser';

const configFile = 'examples/vite.config.ts';

/** The loss of guessing one digit of ten, where training begins: the first step that is seen may be well below it already. */
const GUESSING = Math.log(10);

/** A script that makes a browser one without WebGL. */
const withoutWebGL = `
  for (const canvas of [HTMLCanvasElement.prototype, OffscreenCanvas.prototype]) {
    const { getContext } = canvas;
    canvas.getContext = function (kind, ...rest) {
      return kind.startsWith('webgl') ? null : getContext.call(this, kind, ...rest);
    };
  }
`;

/** What the page shows, as a reader sees it. */
interface Shown {
  readonly phase: string;
  readonly loss: number;
  readonly step: number;
  readonly accuracy: number;
  readonly rateUsed: string;
  readonly runLabel: string;
  readonly notices: string;
  readonly memory: {
    readonly before: (string | undefined)[];
    readonly now: (string | undefined)[];
    readonly verdict: string;
  };
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
    accuracy: Number.parseFloat(texts.accuracy ?? ''),
    rateUsed: texts['rate-used'] ?? '',
    runLabel: texts['run-label'] ?? '',
    notices: texts.notices ?? '',
    memory: {
      before: [texts['tensors-before'], texts['bytes-before']],
      now: [texts['tensors-now'], texts['bytes-now']],
      verdict: texts['memory-verdict'] ?? '',
    },
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
    await pause(50);
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Presses pause, and waits until the steps that were on their way have arrived and what they held is freed. */
async function pauseTraining(page: Page): Promise<Shown> {
  await page.click('#run');
  let before = await until(page, 'it is paused', ({ phase }) => phase === 'paused');
  for (;;) {
    await pause(600);
    const now = await shown(page);
    if (now.step === before.step && now.memory.now.join() === before.memory.now.join()) return now;
    before = now;
  }
}

/** How long the page kept timers waiting in the next second, in milliseconds: the median, and what 95 % stay below. */
function delays(page: Page): Promise<{ median: number; most: number }> {
  return page.evaluate(async () => {
    const waits: number[] = [];
    for (const start = performance.now(); performance.now() - start < 1000;) {
      const asked = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 0));
      waits.push(performance.now() - asked);
    }
    waits.sort((a, b) => a - b);
    return {
      median: waits[waits.length >> 1] ?? Infinity,
      most: waits[Math.floor(waits.length * 0.95)] ?? Infinity,
    };
  });
}

describe('the MNIST page', () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    browser = await puppeteer.launch({ executablePath: await findBrowser(), args: browserFlags() });
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    page = await browser.newPage();
    await page.setViewport({ width: 1366, height: 768 });
    problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') problems.push(message.text());
    });
  });

  afterEach(() => page.close());

  describe('as npm run examples serves it', () => {
    let server: ViteDevServer;
    let address: string;

    beforeAll(async () => {
      // Files that change while the tests run must not load the page anew.
      const served = { port: 0, host: '127.0.0.1', hmr: false, watch: null };
      server = await createServer({ configFile, root: 'examples', logLevel: 'error', server: served });
      await server.listen();
      address = server.resolvedUrls?.local[0] ?? '';
    });

    afterAll(() => server.close());

    it('is in the gallery', async () => {
      await page.goto(address);
      await Promise.all([page.waitForNavigation(), page.click('a[href="./mnist/"]')]);
      expect(await page.title()).toContain('MNIST');
      expect(problems).toEqual([]);
    });

    for (const backend of ['webgl', 'cpu']) {
      it(`trains on ${backend}, follows the slider, pauses, stops and starts again, and leaves nothing in memory`, async () => {
        await page.goto(`${address}mnist/`, { waitUntil: 'networkidle0' });
        expect(await page.$('input[value="webgl"]:checked')).not.toBeNull();
        await page.click(`label:has(input[value="${backend}"])`);
        await page.click('label:has(input[value="32"])');

        await page.click('#run');
        await until(
          page,
          'the loss is half of that of guessing',
          ({ step, loss }) => step > 0 && loss > 0 && loss < GUESSING / 2,
        );
        const { median, most } = await delays(page);
        expect(median).toBeLessThan(100);
        expect(most).toBeLessThan(500);

        expect((await shown(page)).rateUsed).toContain('0.0032');
        await page.focus('#rate');
        for (let press = 0; press < 10; press++) await page.keyboard.press('ArrowLeft');
        await until(page, 'the slider counts', ({ rateUsed }) => rateUsed.includes('0.001.'));

        const paused = await pauseTraining(page);
        expect(paused.memory.now).not.toEqual(paused.memory.before);
        await page.click('#run');
        await until(page, 'it goes on', ({ step }) => step > paused.step + 5);
        expect((await pauseTraining(page)).memory.now).toEqual(paused.memory.now);

        await page.click('#stop');
        const stopped = await until(page, 'it has stopped', ({ memory }) => memory.verdict !== '');
        expect(stopped.phase).toBe('stopped');
        expect(stopped.memory.now).toEqual(['0', '0 B']);
        expect(stopped.memory.verdict).toContain('back where it began');

        for (const again of [1, 2]) {
          await page.click('#run');
          await until(
            page,
            `it has started again (${again})`,
            ({ phase, step }) => phase === 'running' && step > 0,
          );
          await page.click('#stop');
          const ended = await until(
            page,
            `it has stopped again (${again})`,
            ({ memory }) => memory.verdict !== '',
          );
          expect(ended.memory.now).toEqual(['0', '0 B']);
        }
        expect(problems).toEqual([]);
      });
    }
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

    it('takes the CPU where there is no WebGL, says so, and trains to the end of an epoch', async () => {
      await page.evaluateOnNewDocument(withoutWebGL);
      await page.goto(`${address}mnist/`, { waitUntil: 'networkidle0' });
      expect((await shown(page)).notices).toContain('No WebGL2');
      expect(await page.$('input[value="webgl"]:disabled')).not.toBeNull();
      expect(await page.$('input[value="cpu"]:checked')).not.toBeNull();

      await page.click('#run');
      const finished = await until(page, 'it has finished', ({ memory }) => memory.verdict !== '');
      expect(finished.phase).toBe('finished');
      expect(finished.accuracy).toBeGreaterThan(95);
      expect(finished.memory.now).toEqual(['0', '0 B']);
      expect(problems).toEqual([]);
    });

    it('says what to do when the digits cannot be loaded, and tries again', async () => {
      let isMissing = true;
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        const isRefused = isMissing && request.url().includes('train-images');
        void (isRefused ? request.respond({ status: 404 }) : request.continue());
      });
      await page.goto(`${address}mnist/`, { waitUntil: 'networkidle0' });
      await page.click('#run');
      const failed = await until(page, 'it has failed', ({ phase }) => phase === 'failed');
      expect(failed.notices).toMatch(/404.*npm ci/s);
      expect(failed.runLabel).toBe('Try again');

      isMissing = false;
      await page.click('#run');
      const training = await until(page, 'it trains', ({ step }) => step > 0);
      expect(training.notices).toBe('');
    });

    it('fits a phone, and can be dark and light', async () => {
      await page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
      await page.goto(`${address}mnist/`, { waitUntil: 'networkidle0' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      const paper = (): Promise<string> =>
        page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      const before = await paper();
      await page.click('#theme');
      expect(await paper()).not.toBe(before);
      expect(problems).toEqual([]);
    });
  });
});
