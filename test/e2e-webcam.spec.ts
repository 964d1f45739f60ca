import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type Browser, type Page } from 'puppeteer-core';
import { build, preview, type PreviewServer } from 'vite';
import { browserFlags, findBrowser } from '../scripts/find-browser';

/** What the page shows, as a reader sees it. */
interface Shown {
  readonly phase: string;
  readonly texts: Readonly<Record<string, string>>;
  /** How many shades of green each canvas has. */
  readonly shades: readonly number[];
}

function shown(page: Page): Promise<Shown> {
  return page.evaluate(() => ({
    phase: document.body.dataset.phase ?? '',
    texts: Object.fromEntries(
      [...document.querySelectorAll('[id]')].map(({ id, textContent }) => [id, textContent]),
    ),
    shades: [...document.querySelectorAll('canvas')].map((canvas) => {
      const { width, height } = canvas;
      const copy = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true })!;
      copy.drawImage(canvas, 0, 0);
      return new Set(copy.getImageData(0, 0, width, height).data.filter((_, i) => i % 4 === 1)).size;
    }),
  }));
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

const frames = ({ texts }: Shown): number => Number(texts.frames?.replace(',', ''));
const dropped = ({ texts }: Shown): number => Number(texts.dropped?.replace(',', ''));
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

describe('the webcam page', () => {
  let folder: string;
  let server: PreviewServer;
  let address: string;
  let problems: string[];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-examples-'));
    const config = { configFile: 'examples/vite.config.ts', root: 'examples', logLevel: 'error' } as const;
    const output = { outDir: folder, emptyOutDir: true };
    await build({ ...config, build: output });
    server = await preview({ ...config, build: output, preview: { port: 0, host: '127.0.0.1' } });
    address = server.resolvedUrls?.local[0] ?? '';
  });

  afterAll(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(browser: Browser): Promise<Page> {
    const page = await browser.newPage();
    await page.setViewport({ width: 1366, height: 768 });
    problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warn') problems.push(message.text());
    });
    return page;
  }

  describe('with a camera', () => {
    let browser: Browser;
    let page: Page;

    beforeAll(async () => {
      browser = await puppeteer.launch({ executablePath: await findBrowser(), args: browserFlags() });
    });

    afterAll(() => browser.close());

    beforeEach(async () => {
      page = await open(browser);
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
      await page.goto(address);
      await Promise.all([page.waitForNavigation(), page.click('a[href="./webcam/"]')]);
      expect(await page.title()).toContain('Webcam');
      expect(problems).toEqual([]);
    });

    it('paints, filters, measures, drops frames when work is slow, and gives all back', async () => {
      await page.goto(`${address}webcam/`, { waitUntil: 'networkidle0' });
      expect((await shown(page)).texts.phase).toBe('Ready');
      await page.click('#run');
      const first = await until(page, 'it sees', (now) => now.phase === 'running' && frames(now) > 2);
      expect(first.shades[0]).toBeGreaterThan(1);
      expect(first.shades[1]).toBeGreaterThan(1);
      expect(Number.parseFloat(first.texts.brightness ?? '')).toBeGreaterThan(0);
      expect(Number(first.texts['tensors-now'])).toBeLessThan(10);

      await page.click('label:has(input[value="threshold"])');
      const after = frames(await shown(page));
      const black = await until(page, 'there are two shades', ({ shades }) => shades[1] === 2);
      expect(black.shades[1]).toBe(2);
      await slide(page, 'threshold', 1);
      await until(page, 'nothing is brighter', ({ shades }) => shades[1] === 1);
      expect(frames(await shown(page))).toBeGreaterThan(after);

      await slide(page, 'work', 300);
      const slow = await shown(page);
      const slower = await until(page, 'frames are dropped', (now) => dropped(now) > dropped(slow) + 5);
      await until(page, 'it goes on', (now) => frames(now) > frames(slower) + 3);
      expect(Number((await shown(page)).texts['tensors-now'])).toBeLessThan(10);

      await page.click('#run');
      const stopped = await until(page, 'it has stopped', isOver);
      expect(stopped.phase).toBe('stopped');
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
      await page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
      await page.goto(`${address}webcam/`, { waitUntil: 'networkidle0' });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
      expect(problems).toEqual([]);
    });
  });

  it('says what to do when the camera is refused, and asks again', async () => {
    const args = browserFlags().map((flag) =>
      flag === '--use-fake-ui-for-media-stream' ? `${flag}=deny` : flag,
    );
    const browser = await puppeteer.launch({ executablePath: await findBrowser(), args });
    try {
      const page = await open(browser);
      await page.goto(`${address}webcam/`, { waitUntil: 'networkidle0' });
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
});
