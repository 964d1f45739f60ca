import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../scripts/launch-browser';
import * as pages from './example-pages';
import {
  builtFolder,
  newPage,
  numberIn,
  papers,
  serveBuilt,
  serveSource,
  widthOnPhone,
  type Site,
} from './example-pages';

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
  const { phase, texts } = await pages.shown(page);
  return {
    phase,
    loss: Number(texts.loss),
    step: numberIn(texts.step),
    rateUsed: texts['rate-used'] ?? '',
    longestGap: texts['longest-gap'] ?? '',
    tensors: texts['tensors-now'] ?? '',
    notices: texts.notices ?? '',
    workers: page.workers().length,
  };
}

const until = (page: Page, what: string, isWanted: (now: Shown) => boolean): Promise<Shown> =>
  pages.until(() => shown(page), what, isWanted);

describe('the page that trains in a worker', () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];

  beforeAll(async () => {
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    ({ page, problems } = await newPage(browser));
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
    let site: Site;

    beforeAll(async () => {
      site = await serveSource();
    });

    afterAll(() => site.close());

    it('is in the gallery', async () => {
      await page.goto(site.address);
      await Promise.all([page.waitForNavigation(), page.click('a[href="./worker/"]')]);
      expect(await page.title()).toContain('Worker');
    });

    it('trains there, follows the slider, pauses, moves to the page and back, and stops', async () => {
      await page.goto(`${site.address}worker/`, { waitUntil: 'load' });
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
    let site: Site;

    beforeAll(async () => {
      site = await serveBuilt();
    });

    afterAll(() => site.close());

    it('trains on WebGL in a worker, and its frames are measured', async () => {
      await page.goto(`${site.address}worker/?backend=webgl`, { waitUntil: 'load' });
      expect(await page.$('input[value="webgl"]:checked')).not.toBeNull();
      await page.click('label:has(input[value="32"])');
      await trainInWorker();
      expect((await shown(page)).longestGap).toMatch(/^[\d,]+ ms$/);
      await stop();
      expect(problems).toEqual([]);
    });

    it('says what to do when the digits cannot be loaded by the worker', async () => {
      // What a worker asks for cannot be refused from here, as that of the page can: the file is taken away, and put back.
      const file = join(builtFolder, 'train-images-idx3-ubyte');
      await rename(file, `${file}.away`);
      try {
        await page.goto(`${site.address}worker/`, { waitUntil: 'load' });
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
      expect(await widthOnPhone(page, `${site.address}worker/`)).toBe(390);
      const [before, after] = await papers(page);
      expect(after).not.toBe(before);
      await page.waitForFunction(() => (document.querySelector('#wall')?.scrollTop ?? 0) > 5);
      expect(problems).toEqual([]);
    });
  });
});
