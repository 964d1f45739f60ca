// `npm run examples:pictures`: opens each example page, lets it work for a while, and keeps a picture of it, light and dark, for the gallery.
import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'puppeteer-core';
import { newPage, serveSource, shown, until, type Shown } from '../test/example-pages';
import { installModels } from '../test/models/packages';
import { launchBrowser } from './launch-browser';

const FOLDER = 'examples/page/gallery';
/** The picture of a card, in pixels: twice as large as it is shown. */
const WIDTH = 640;
const HEIGHT = 300;

interface Picture {
  readonly name: string;
  /** What is done on the page before its picture is taken. */
  readonly work: (page: Page) => Promise<unknown>;
  /** What is pictured: down from the upper end of this element, or up from the lower one, with so much around it. */
  readonly part: string;
  readonly from: 'top' | 'bottom';
  readonly margin: number;
}

const texts = (page: Page, what: string, isWanted: (texts: Shown['texts']) => boolean) =>
  until(
    () => shown(page),
    what,
    (now) => isWanted(now.texts),
  );
const steps = (page: Page, count: number) =>
  texts(page, `${count} steps are taken`, ({ step }) => Number(step?.replace(',', '')) >= count);

/** A two, by points in shares of the canvas. */
const TWO = [
  [0.34, 0.2],
  [0.38, 0.13],
  [0.48, 0.09],
  [0.59, 0.13],
  [0.62, 0.23],
  [0.55, 0.36],
  [0.44, 0.48],
  [0.35, 0.6],
  [0.5, 0.59],
  [0.66, 0.6],
] as const;

async function drawTwo(page: Page): Promise<void> {
  const { x, y, width, height } = (await (await page.$('#drawing'))!.boundingBox())!;
  for (const [i, [across, down]] of TWO.entries()) {
    await page.mouse.move(x + across * width, y + down * height, { steps: 4 });
    if (i === 0) await page.mouse.down();
  }
  await page.mouse.up();
}

const pictures: readonly Picture[] = [
  {
    name: 'webcam',
    part: '.screen',
    from: 'top',
    margin: 0,
    work: async (page) => {
      await page.click('label:has(input[value="clip"])');
      await page.click('#run');
      await texts(page, 'faces are seen', ({ frames }) => Number(frames) > 6);
    },
  },
  {
    name: 'teach-your-camera',
    part: '#classes',
    from: 'bottom',
    margin: 12,
    work: async (page) => {
      await page.click('label:has(input[value="clip"])');
      await page.click('#run');
      for (const label of [0, 1, 2]) {
        await page.waitForSelector(`#show-${label}:not(:disabled)`);
        await page.click(`#show-${label}`);
        await texts(page, 'it was shown', (now) => now[`show-${label}`] === 'Show it again');
      }
      await texts(page, 'it has learned', ({ lesson }) => lesson?.startsWith('It has learned') ?? false);
    },
  },
  {
    name: 'listen',
    part: '.stage',
    from: 'top',
    margin: 12,
    work: async (page) => {
      await page.click('label:has(input[value="recording"])');
      await page.click('#run');
      // Speech is still seen, and the melody has begun.
      await texts(page, 'it hears the melody', ({ heard }) => heard?.startsWith('G4') ?? false);
    },
  },
  {
    name: 'draw-a-digit',
    part: '.board',
    from: 'top',
    margin: 12,
    work: async (page) => {
      await page.click('#run');
      await drawTwo(page);
      await steps(page, 150);
    },
  },
  {
    name: 'mnist',
    part: '.stage',
    from: 'top',
    margin: 12,
    work: async (page) => {
      await page.click('#run');
      await steps(page, 300);
    },
  },
  {
    name: 'worker',
    part: '.stage',
    from: 'top',
    margin: 12,
    work: async (page) => {
      await page.click('#run');
      await steps(page, 200);
    },
  },
];

installModels();
mkdirSync(FOLDER, { recursive: true });
const [site, browser] = await Promise.all([serveSource(), launchBrowser()]);
// With names: only those.
const asked = process.argv.slice(2);
for (const { name, work, part, from, margin } of pictures) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const { page } = await newPage(browser);
  await page.setViewport({ width: 1366, height: 800 });
  await page.goto(`${site.address}${name}/?backend=cpu`, { waitUntil: 'networkidle0' });
  await work(page);
  for (const theme of ['light', 'dark']) {
    await page.evaluate((wanted) => (document.documentElement.dataset.theme = wanted), theme);
    // The canvases of the charts are drawn anew, and colours fade over.
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 600)));
    const box = (await (await page.$(part))!.boundingBox())!;
    const width = box.width + 2 * margin;
    const height = (width * HEIGHT) / WIDTH;
    const y = from === 'top' ? box.y - margin : box.y + box.height + margin - height;
    const clip = { x: box.x - margin, y, width, height, scale: WIDTH / width };
    const picture = await page.screenshot({ type: 'webp', quality: 72, clip });
    writeFileSync(`${FOLDER}/${name}-${theme}.webp`, picture);
    console.log(`${FOLDER}/${name}-${theme}.webp: ${picture.length} bytes`);
  }
  await page.close();
}
await browser.close();
await site.close();
