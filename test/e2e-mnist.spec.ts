import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../scripts/launch-browser';
import * as pages from './example-pages';
import {
  newPage,
  numberIn,
  paperOf,
  papers,
  pause,
  serveBuilt,
  serveSource,
  widthOnPhone,
  type Site,
} from './example-pages';

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

/** A script that keeps each score that stands above the digits. */
const rememberScores = `
  const scores = [];
  const score = document.querySelector('#digits-score');
  new MutationObserver(() => scores.push(score.textContent)).observe(score, { childList: true });
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
  const { phase, texts } = await pages.shown(page);
  return {
    phase,
    loss: Number(texts.loss),
    step: numberIn(texts.step),
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

const until = (page: Page, what: string, isWanted: (now: Shown) => boolean): Promise<Shown> =>
  pages.until(() => shown(page), what, isWanted);

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
    browser = await launchBrowser();
  });

  afterAll(() => browser.close());

  beforeEach(async () => {
    ({ page, problems } = await newPage(browser));
  });

  afterEach(() => page.close());

  describe('as npm run examples serves it', () => {
    let site: Site;

    beforeAll(async () => {
      site = await serveSource();
    });

    afterAll(() => site.close());

    it('is in the gallery', async () => {
      await page.goto(site.address);
      await Promise.all([page.waitForNavigation(), page.click('a[href="./mnist/"]')]);
      expect(await page.title()).toContain('MNIST');
      expect(problems).toEqual([]);
    });

    it('begins with the backend of the address, else with the default, and says what runs and why', async () => {
      const backend = (): Promise<string[]> =>
        page.evaluate(() => [
          document.querySelector<HTMLInputElement>("input[name='backend']:checked")?.value ?? '',
          document.querySelector('#backend-device')?.textContent ?? '',
          document.querySelector('#backend-reason')?.textContent ?? '',
        ]);
      await page.goto(`${site.address}mnist/`, { waitUntil: 'networkidle0' });
      const [byDefault, device, reason] = await backend();
      expect(byDefault).toBe('cpu');
      expect(device).toMatch(/^WebAssembly/);
      expect(reason).toMatch(/^'cpu' is the default here; 'webgl' is not, .*SwiftShader/);

      // By keys: the choice is used at once, and stays in the address and in the links.
      await page.focus("input[value='cpu']");
      await page.keyboard.press('ArrowLeft');
      expect(await backend()).toEqual(['webgl', 'SwiftShader Device', jasmine.stringContaining('chose it')]);
      expect(new URL(page.url()).search).toBe('?backend=webgl');
      await page.reload({ waitUntil: 'networkidle0' });
      expect((await backend())[0]).toBe('webgl');
      await Promise.all([page.waitForNavigation(), page.click('a.brand')]);
      await Promise.all([page.waitForNavigation(), page.click('a[href*="/worker/"]')]);
      expect((await backend())[0]).toBe('webgl');

      await page.goto(`${site.address}mnist/?backend=cpu`, { waitUntil: 'networkidle0' });
      expect(await backend()).toEqual(['cpu', device!, "setBackend('cpu') chose it"]);
      await page.goto(`${site.address}mnist/?backend=abacus`, { waitUntil: 'networkidle0' });
      const [instead, , problem] = await backend();
      expect(instead).toBe('cpu');
      expect(problem).toContain("'abacus'; wanted one of 'webgl', 'cpu'");
      expect(problems).toEqual([]);
    });

    for (const backend of ['webgl', 'cpu']) {
      it(`trains on ${backend}, follows the slider, pauses, stops and starts again, and leaves nothing in memory`, async () => {
        await page.goto(`${site.address}mnist/?backend=${backend}`, { waitUntil: 'networkidle0' });
        await page.click('label:has(input[value="32"])');
        await page.evaluate(rememberScores);

        await page.click('#run');
        // The first reading comes when there is something to read: not one digit for all.
        const [score = ''] = await pages.until(
          () => page.evaluate('scores.filter(Boolean)') as Promise<string[]>,
          'the digits are read',
          (scores) => scores.length > 0,
        );
        expect(score).toMatch(/^\d+ of 42 right$/);
        expect(Number.parseInt(score)).toBeGreaterThan(6);
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
    let site: Site;

    beforeAll(async () => {
      site = await serveBuilt();
    });

    afterAll(() => site.close());

    it('takes the CPU where there is no WebGL, says so, and trains to the end of an epoch', async () => {
      await page.evaluateOnNewDocument(withoutWebGL);
      await page.goto(`${site.address}mnist/`, { waitUntil: 'networkidle0' });
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
      await page.goto(`${site.address}mnist/`, { waitUntil: 'networkidle0' });
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
      expect(await widthOnPhone(page, `${site.address}mnist/`)).toBe(390);
      const [before, after] = await papers(page);
      expect(after).not.toBe(before);
      // The next page begins with it, before any module of ours has come.
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        const nothing = { contentType: 'text/javascript', body: '' };
        void (request.resourceType() === 'script' ? request.respond(nothing) : request.continue());
      });
      await page.reload({ waitUntil: 'load' });
      expect(await paperOf(page)).toBe(after);
      expect(problems).toEqual([]);
    });
  });
});
