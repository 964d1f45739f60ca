// The webcam page with public models: on its own clip, where a face is known to be.
import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../../scripts/launch-browser';
import { newPage, numberIn, serveSource, shown, until, type Shown, type Site } from '../example-pages';
import { installModels } from './packages';

installModels();

const frames = ({ texts }: Shown): number => numberIn(texts.frames);

/** How many pixels of the screen have the colour in which the first track is drawn. */
function drawn(page: Page): Promise<number> {
  return page.$eval('#screen', (screen) => {
    const { width, height } = screen as HTMLCanvasElement;
    const copy = new OffscreenCanvas(width, height).getContext('2d')!;
    copy.drawImage(screen as HTMLCanvasElement, 0, 0);
    const { data } = copy.getImageData(0, 0, width, height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4)
      count += Number(
        Math.abs(data[i]! - 0x56) < 8 &&
          Math.abs(data[i + 1]! - 0xb4) < 8 &&
          Math.abs(data[i + 2]! - 0xe9) < 8,
      );
    return count;
  });
}

describe('the webcam page with models', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([serveSource(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it('finds the face of its clip, goes on with other models, and frees all of them', async () => {
    const { page, problems } = await newPage(browser);
    await page.goto(`${site.address}webcam/?backend=cpu`, { waitUntil: 'load' });
    await page.waitForFunction(() => document.querySelector('#phase')?.textContent === 'Ready');
    await page.click('label:has(input[value="clip"])');
    await page.click('#run');
    await until(
      () => shown(page),
      'faces are seen',
      (now) => now.phase === 'running' && frames(now) > 2,
    );
    await until(
      () => drawn(page),
      'a face is drawn',
      (count) => count > 200,
    );
    expect((await shown(page)).texts.listing).toContain('landmarker(facemesh, specs.facemesh)');

    for (const [scene, code] of [
      ['body', 'specs.movenet'],
      ['background', 'segmenter(selfie, specs.selfie)'],
      ['objects', 'detector(centernet, specs.centernet)'],
      ['hands', 'specs.handlandmark'],
    ] as const) {
      const before = frames(await shown(page));
      await page.click(`label:has(input[name="scene"][value="${scene}"])`);
      const now = await until(
        () => shown(page),
        `${scene} is seen`,
        (seen) => frames(seen) > before + 2,
      );
      expect(now.texts.listing).toContain(code);
      expect(now.phase).toBe('running');
      expect(Number.parseFloat(now.texts.latency ?? '')).toBeGreaterThan(0);
    }

    await page.click('#run');
    const stopped = await until(
      () => shown(page),
      'it has stopped',
      ({ texts }) => texts['memory-verdict'] !== '',
    );
    expect(stopped.texts['memory-verdict']).toContain('back where it began');
    expect(problems).toEqual([]);
    await page.close();
  }, 240_000);
});
