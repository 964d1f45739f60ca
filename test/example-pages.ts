/** What the specs of the example pages share: the pages served, opened, and looked at as a reader does. */
import type { Browser, Page } from 'puppeteer-core';
import { build, createServer, preview } from 'vite';

const config = { configFile: 'examples/vite.config.ts', root: 'examples', logLevel: 'error' } as const;
const local = { port: 0, host: '127.0.0.1' } as const;

/** Where the built pages are. */
export const builtFolder = '.cache/examples';
let built: Promise<unknown> | undefined;

export interface Site {
  /** Ends with a slash. */
  readonly address: string;
  readonly close: () => Promise<void>;
}

/** The pages as `npm run examples` serves them. */
export async function serveSource(): Promise<Site> {
  // Files that change while the tests run must not load the page anew.
  const server = await createServer({ ...config, server: { ...local, hmr: false, watch: null } });
  await server.listen();
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

/** The pages as `vite build` makes them: once for all specs. */
export async function serveBuilt(): Promise<Site> {
  const output = { outDir: `../${builtFolder}`, emptyOutDir: true };
  await (built ??= build({ ...config, build: output }));
  const server = await preview({ ...config, build: output, preview: local });
  return { address: server.resolvedUrls?.local[0] ?? '', close: () => server.close() };
}

/** A page of a laptop's size, and all that goes wrong in it. */
export async function newPage(browser: Browser): Promise<{ page: Page; problems: string[] }> {
  const page = await browser.newPage();
  page.setDefaultNavigationTimeout(120_000);
  await page.setViewport({ width: 1366, height: 768 });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warn') problems.push(message.text());
  });
  return { page, problems };
}

/** What a page shows: the phase of its run, and the text of every element that has a name. */
export interface Shown {
  readonly phase: string;
  readonly texts: Readonly<Record<string, string>>;
}

export function shown(page: Page): Promise<Shown> {
  return page.evaluate(() => ({
    phase: document.body.dataset.phase ?? '',
    texts: Object.fromEntries(
      [...document.querySelectorAll('[id]')].map(({ id, textContent }) => [id, textContent]),
    ),
  }));
}

/** A number as the pages write it, with commas. */
export function numberIn(text: string | undefined): number {
  return Number(text?.replace(',', ''));
}

/** Looks at a page until it shows what is wanted. */
export async function until<T>(
  look: () => Promise<T>,
  what: string,
  isWanted: (now: T) => boolean,
): Promise<T> {
  const limit = Date.now() + 120_000;
  for (;;) {
    const now = await look();
    if (isWanted(now)) return now;
    if (Date.now() > limit)
      throw new Error(`the page does not come to where ${what}: ${JSON.stringify(now)}`);
    await pause(50);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Opens a page on a phone: whether it is as wide as that, or has to be moved sideways. */
export async function widthOnPhone(page: Page, address: string): Promise<number> {
  await page.setViewport({ width: 390, height: 844, hasTouch: true, isMobile: true });
  await page.goto(address, { waitUntil: 'load' });
  return page.evaluate(() => document.documentElement.scrollWidth);
}

/** The colour of a page's background. */
export function paperOf(page: Page): Promise<string> {
  return page.evaluate(() => getComputedStyle(document.body).backgroundColor);
}

/** That colour before and after a press of the switch. */
export async function papers(page: Page): Promise<[string, string]> {
  const before = await paperOf(page);
  await page.click('#theme');
  return [before, await paperOf(page)];
}
