// The page that learns gestures on a public model's features: a camera of our own shows it three pictures.
import type { Browser, Page } from 'puppeteer-core';
import { launchBrowser } from '../../scripts/launch-browser';
import { newPage, serveSource, shown, until, widthOnPhone, type Shown, type Site } from '../example-pages';
import { installModels } from './packages';

installModels();

/** A script that makes the camera one that shows an empty room, or the portrait of the clip upright or upside down, as `gesture` says. */
const cameraOfGestures = `
  globalThis.gesture = 0;
  if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = async () => {
    const image = new Image();
    image.src = '../page/clip/astronaut.jpg';
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = 640;
    canvas.height = 480;
    const pen = canvas.getContext('2d');
    const draw = () => {
      pen.setTransform(1, 0, 0, 1, 0, 0);
      pen.fillStyle = '#8a8f98';
      pen.fillRect(0, 0, 640, 480);
      pen.translate(320 + 6 * Math.sin(performance.now() / 300), 240);
      if (gesture === 2) pen.rotate(Math.PI);
      if (gesture > 0) pen.drawImage(image, -240, -240, 480, 480);
    };
    setInterval(draw, 60);
    draw();
    return canvas.captureStream();
  };
`;

const NAMES = ['Nothing', 'Gesture one', 'Gesture two'];

/** The class that the page takes the picture for. */
async function taken(page: Page): Promise<number> {
  return page.$$eval('#classes li', (items) =>
    items.findIndex(({ className }) => className.includes('best')),
  );
}

async function show(page: Page, label: number): Promise<void> {
  await page.evaluate(`gesture = ${label}`);
  await page.click(`#show-${label}`);
  await until(
    () => page.$eval(`#show-${label}`, ({ textContent }) => textContent),
    `it has seen examples of ${NAMES[label]}`,
    (text) => text === 'Show it again',
  );
}

async function seesEach(page: Page): Promise<void> {
  for (const label of [1, 0, 2]) {
    await page.evaluate(`gesture = ${label}`);
    await until(
      () => taken(page),
      `it takes it for ${NAMES[label]}`,
      (now) => now === label,
    );
  }
}

const isOver = ({ texts }: Shown): boolean => texts['memory-verdict'] !== '';

describe('the page that is taught gestures', () => {
  let site: Site;
  let browser: Browser;

  beforeAll(async () => {
    [site, browser] = await Promise.all([serveSource(), launchBrowser()]);
  });

  afterAll(async () => {
    await browser.close();
    await site.close();
  });

  async function started(): Promise<{ page: Page; problems: string[] }> {
    const { page, problems } = await newPage(browser);
    await page.evaluateOnNewDocument(cameraOfGestures);
    await page.goto(`${site.address}teach-your-camera/?backend=cpu`, { waitUntil: 'load' });
    await page.waitForFunction(() => document.querySelector('#phase')?.textContent === 'Ready');
    await page.click('#run');
    await until(
      () => shown(page),
      'it sees',
      ({ phase }) => phase === 'running',
    );
    return { page, problems };
  }

  it('tells three pictures apart, keeps what it learned in a file, and frees all', async () => {
    const { page, problems } = await started();
    for (const label of [0, 1, 2]) await show(page, label);
    await until(
      () => shown(page),
      'it has learned',
      ({ texts }) => Number(texts.loss) < 0.5 && (texts.lesson ?? '').startsWith('It has learned'),
    );
    await seesEach(page);

    // What it exports is what another page imports.
    await page.evaluate(
      'HTMLAnchorElement.prototype.click = function () { globalThis.exported = fetch(this.href).then((file) => file.arrayBuffer()); }',
    );
    await page.click('#export');
    const bytes = (await page.evaluate('exported.then((file) => [...new Uint8Array(file)])')) as number[];
    expect(bytes.length).toBeGreaterThan(60_000);

    await page.click('#run');
    const stopped = await until(() => shown(page), 'it has stopped', isOver);
    expect(stopped.texts['memory-verdict']).toContain('back where it began');
    expect(problems).toEqual([]);
    await page.close();

    const other = await started();
    await other.page.evaluate((values) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(values)], 'gestures.safetensors'));
      const input = document.querySelector<HTMLInputElement>('#import-file')!;
      input.files = transfer.files;
      input.dispatchEvent(new Event('change'));
    }, bytes);
    await seesEach(other.page);
    await other.page.click('#run');
    const ended = await until(() => shown(other.page), 'it has stopped', isOver);
    expect(ended.texts['memory-verdict']).toContain('back where it began');
    expect(other.problems).toEqual([]);
    await other.page.close();
  }, 240_000);

  it('fits a phone', async () => {
    const { page, problems } = await newPage(browser);
    expect(await widthOnPhone(page, `${site.address}teach-your-camera/`)).toBe(390);
    expect(problems).toEqual([]);
    await page.close();
  });
});
