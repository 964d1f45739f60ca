import type { Browser, Page } from 'puppeteer-core';
import { browserFlags } from '../scripts/find-browser';
import { launchBrowser } from '../scripts/launch-browser';
import * as pages from './example-pages';
import { newPage, numberIn, serveBuilt, widthOnPhone, type Site } from './example-pages';

interface Shown extends pages.Shown {
  /** How many shades of green each canvas has: the filtered picture, and the frame as it came. */
  readonly shades: readonly number[];
}

async function shown(page: Page): Promise<Shown> {
  const shades = await page.evaluate(() =>
    [...document.querySelectorAll('canvas')].map((canvas) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
      copy.drawImage(canvas, 0, 0);
      return new Set(copy.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 1)).size;
    }),
  );
  return { ...(await pages.shown(page)), shades };
}

const until = (page: Page, what: string, isWanted: (now: Shown) => boolean): Promise<Shown> =>
  pages.until(() => shown(page), what, isWanted);

const frames = ({ texts }: Shown): number => numberIn(texts.frames);
const dropped = ({ texts }: Shown): number => numberIn(texts.dropped);
const isOver = ({ texts }: Shown): boolean => texts['memory-verdict'] !== '';

/** Sets a slider as a hand does. */
function slide(page: Page, id: string, value: number): Promise<void> {
  return page.$eval(
    `#${id}`,
    (slider, position) => {
      (slider as HTMLInputElement).valueAsNumber = position;
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    },
    value,
  );
}

/** Whether what is seen in the middle of the screen are its words. */
function coversScreen(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const { x, y, width, height } = document.querySelector('#screen')!.getBoundingClientRect();
    return document.elementFromPoint(x + width / 2, y + height / 2)?.id === 'screen-words';
  });
}

describe('the webcam page', () => {
  let site: Site;

  beforeAll(async () => {
    site = await serveBuilt();
  });

  afterAll(() => site.close());

  describe('with a camera', () => {
    let browser: Browser;
    let page: Page;
    let problems: string[];

    beforeAll(async () => {
      browser = await launchBrowser();
    });

    afterAll(() => browser.close());

    beforeEach(async () => {
      ({ page, problems } = await newPage(browser));
      // Remembers the tracks, to see whether the camera is given back.
      await page.evaluateOnNewDocument(() => {
        const tracks: MediaStreamTrack[] = [];
        Object.assign(globalThis, { tracks });
        const { mediaDevices } = navigator as Partial<Navigator>;
        // The empty page before it has none.
        if (!mediaDevices) return;
        const ask = mediaDevices.getUserMedia.bind(mediaDevices);
        mediaDevices.getUserMedia = async (constraints) => {
          const stream = await ask(constraints);
          tracks.push(...stream.getTracks());
          return stream;
        };
      });
    });

    afterEach(() => page.close());

    const states = (): Promise<string[]> =>
      page.evaluate('tracks.map(({ readyState }) => readyState)') as Promise<string[]>;

    it('is in the gallery', async () => {
      await page.goto(site.address);
      await Promise.all([page.waitForNavigation(), page.click('a[href="./webcam/"]')]);
      expect(await page.title()).toContain('Webcam');
      expect(problems).toEqual([]);
    });

    it('paints, filters, measures, drops frames when work is slow, and gives all back', async () => {
      await page.goto(`${site.address}webcam/?backend=webgl`, { waitUntil: 'networkidle0' });
      expect((await shown(page)).texts.phase).toBe('Ready');
      await page.click('label:has(input[value="filters"])');
      expect((await shown(page)).texts.listing).toContain('filters[filter](frame, threshold)');
      expect((await shown(page)).texts['backend-device']).toBe('SwiftShader Device');
      await page.click('#run');
      const first = await until(page, 'it sees', (now) => now.phase === 'running' && frames(now) > 2);
      expect(first.shades[0]).toBeGreaterThan(1);
      expect(first.shades[1]).toBeGreaterThan(1);
      expect(Number.parseFloat(first.texts.brightness ?? '')).toBeGreaterThan(0);
      expect(Number(first.texts['tensors-now'])).toBeLessThan(10);

      await page.click('label:has(input[value="threshold"])');
      const after = frames(await shown(page));
      const black = await until(page, 'there are two shades', ({ shades }) => shades[0] === 2);
      expect(black.shades[0]).toBe(2);
      await slide(page, 'threshold', 1);
      await until(page, 'nothing is brighter', ({ shades }) => shades[0] === 1);
      expect(frames(await shown(page))).toBeGreaterThan(after);

      // The camera goes on while the reader changes the backend.
      for (const backend of ['cpu', 'webgl']) {
        const seen = frames(await shown(page));
        await page.click(`label:has(input[value="${backend}"])`);
        await until(page, `it goes on on ${backend}`, (now) => frames(now) > seen + 3 && now.shades[0] === 1);
      }

      await slide(page, 'work', 300);
      const slow = await shown(page);
      const slower = await until(page, 'frames are dropped', (now) => dropped(now) > dropped(slow) + 5);
      await until(page, 'it goes on', (now) => frames(now) > frames(slower) + 3);
      expect(Number((await shown(page)).texts['tensors-now'])).toBeLessThan(10);

      await page.click('#run');
      const stopped = await until(page, 'it has stopped', isOver);
      expect(stopped.phase).toBe('stopped');
      // Words, in place of a frozen frame.
      expect(stopped.texts['screen-words']).toContain('off');
      expect(await coversScreen(page)).toBeTrue();
      expect(stopped.texts['tensors-now']).toBe(stopped.texts['tensors-before']);
      expect(stopped.texts['memory-verdict']).toContain('back where it began');
      expect(await states()).toEqual(['ended']);

      await page.click('#run');
      await until(page, 'it sees again', (now) => now.phase === 'running' && frames(now) > 1);
      expect(await states()).toEqual(['ended', 'live']);
      await page.evaluate("tracks[1].dispatchEvent(new Event('ended'))");
      const unplugged = await until(page, 'the camera is gone', ({ phase }) => phase === 'failed');
      expect(unplugged.texts.notices).toContain('unplugged');
      expect(await states()).toEqual(['ended', 'ended']);
      expect(problems).toEqual([]);
    });

    it('fits a phone', async () => {
      expect(await widthOnPhone(page, `${site.address}webcam/`)).toBe(390);
      expect(problems).toEqual([]);
    });
  });

  it('says what to do when the camera is refused, and asks again', async () => {
    const args = browserFlags().map((flag) =>
      flag === '--use-fake-ui-for-media-stream' ? `${flag}=deny` : flag,
    );
    const browser = await launchBrowser(args);
    try {
      const { page, problems } = await newPage(browser);
      await page.goto(`${site.address}webcam/`, { waitUntil: 'networkidle0' });
      await page.click('label:has(input[value="filters"])');
      for (const again of [1, 2]) {
        await page.click('#run');
        const refused = await until(page, `it is refused (${again})`, isOver);
        expect(refused.phase).toBe('failed');
        expect(refused.texts.notices).toMatch(/permission to use the camera was refused.*Allow the camera/s);
        expect(refused.texts['run-label']).toBe('Try again');
        expect(refused.texts['memory-verdict']).toContain('back where it began');
      }
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('shows the clip where there is no camera, and says so', async () => {
    const browser = await launchBrowser(browserFlags().filter((flag) => !flag.includes('fake-device')));
    try {
      const { page, problems } = await newPage(browser);
      await page.goto(`${site.address}webcam/?backend=cpu`, { waitUntil: 'networkidle0' });
      await page.click('label:has(input[value="filters"])');
      await page.click('#run');
      const seen = await until(page, 'it sees', (now) => now.phase === 'running' && frames(now) > 1);
      expect(seen.texts.notices).toContain('There is no camera here');
      expect(seen.shades[1]).toBeGreaterThan(100);
      expect(await page.$eval('[data-source="clip"]', ({ textContent }) => textContent)).toContain(
        'NASA, public domain',
      );
      await page.click('#run');
      const stopped = await until(page, 'it has stopped', isOver);
      expect(stopped.texts['memory-verdict']).toContain('back where it began');
      expect(problems).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('says what to run when a model is not there', async () => {
    const browser = await launchBrowser();
    try {
      const { page } = await newPage(browser);
      await page.setRequestInterception(true);
      page.on('request', (request) => {
        if (request.url().includes('/models/')) void request.respond({ status: 404 });
        else void request.continue();
      });
      await page.goto(`${site.address}webcam/?backend=cpu`, { waitUntil: 'networkidle0' });
      await page.click('label:has(input[value="clip"])');
      await page.click('#run');
      const failed = await until(page, 'it has failed', isOver);
      expect(failed.phase).toBe('failed');
      expect(failed.texts.notices).toMatch(/npm --prefix test\/models ci/);
      expect(failed.texts['memory-verdict']).toContain('back where it began');
    } finally {
      await browser.close();
    }
  });
});
