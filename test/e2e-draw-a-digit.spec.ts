import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../scripts/launch-browser';
import {
  newPage,
  numberIn,
  papers,
  serveBuilt,
  shown,
  until,
  widthOnPhone,
  type Site,
} from './example-pages';

/** Draws lines from point to point, in shares of the canvas, as a hand does. */
async function draw(page: Page, points: readonly (readonly [x: number, y: number])[]): Promise<void> {
  const box = await (await page.$('#drawing'))!.boundingBox();
  const at = ([x, y]: readonly [number, number]): [number, number] => [
    box!.x + x * box!.width,
    box!.y + y * box!.height,
  ];
  await page.mouse.move(...at(points[0]!));
  await page.mouse.down();
  for (const point of points.slice(1)) await page.mouse.move(...at(point), { steps: 8 });
  await page.mouse.up();
}

describe('the page to draw a digit on', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([serveBuilt(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  it('reads what is drawn while it learns, and frees all when it stops', async () => {
    const { page, problems } = await newPage(browser);
    await page.goto(`${site.address}draw-a-digit/?backend=cpu`, { waitUntil: 'networkidle0' });
    const reads = (what: string, step: number, digit: string) =>
      until(
        () => shown(page),
        `it reads ${what}`,
        ({ texts }) => numberIn(texts.step) > step && texts.read === digit,
      );
    await page.click('#run');
    await draw(page, [
      [0.52, 0.15],
      [0.48, 0.85],
    ]);
    const one = await reads('a one', 40, '1');
    expect(one.texts.bars).toMatch(/1\d+%/);

    await page.click('#clear');
    await until(
      () => shown(page),
      'nothing is read',
      ({ texts }) => texts.read === '–',
    );
    const circle = Array.from({ length: 13 }, (_, i) => {
      const angle = (2 * Math.PI * i) / 12;
      return [0.5 + 0.24 * Math.sin(angle), 0.5 - 0.34 * Math.cos(angle)] as const;
    });
    await draw(page, circle);
    const zero = await reads('a zero', 80, '0');
    expect(zero.phase).toBe('running');

    // It reads also while the training is paused.
    await page.click('#run');
    await until(
      () => shown(page),
      'it is paused',
      ({ phase }) => phase === 'paused',
    );
    await page.click('#clear');
    await draw(page, [
      [0.52, 0.15],
      [0.48, 0.85],
    ]);
    await reads('a one again', 80, '1');

    await page.click('#stop');
    const stopped = await until(
      () => shown(page),
      'it has stopped',
      ({ texts }) => texts['memory-verdict'] !== '',
    );
    expect(stopped.texts['memory-verdict']).toContain('back where it began');
    expect(stopped.texts.read).toBe('–');
    expect(problems).toEqual([]);
    await page.close();
  });

  it('fits a phone, and can be dark and light', async () => {
    const { page, problems } = await newPage(browser);
    expect(await widthOnPhone(page, `${site.address}draw-a-digit/`)).toBe(390);
    const [before, after] = await papers(page);
    expect(after).not.toBe(before);
    expect(problems).toEqual([]);
    await page.close();
  });
});
