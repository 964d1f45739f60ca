import type { Browser, Page } from 'puppeteer-core';
import { createServer } from 'vite';
import { launchBrowser } from '../scripts/launch-browser';
import { newPage, until } from './example-pages';

/** What the overlay shows, and what of it a page's visitor can reach. */
interface Shown {
  readonly state: string;
  readonly findings: readonly string[];
  readonly stages: readonly string[];
  readonly isOpen: boolean;
  readonly announced: string;
  /** Whether anything is wider than the window. */
  readonly isTooWide: boolean;
}

function shown(page: Page): Promise<Shown> {
  // No function has a name in there: the page does not have the helper that names functions.
  return page.evaluate(() => {
    const root = document.querySelector('.rxtensor-inspector')?.shadowRoot;
    const [states, findings, stages, announced] = ['.state', '.findings li', '.name', '[aria-live]'].map(
      (selector) => [...(root?.querySelectorAll(selector) ?? [])].map(({ textContent }) => textContent),
    );
    return {
      state: states!.join(),
      findings: findings!,
      stages: stages!,
      announced: announced!.join(),
      isOpen: root?.querySelector('.toggle')?.getAttribute('aria-expanded') === 'true',
      isTooWide: document.documentElement.scrollWidth > innerWidth,
    };
  });
}

const soon = (page: Page, what: string, isWanted: (now: Shown) => boolean): Promise<Shown> =>
  until(() => shown(page), what, isWanted);

describe('the overlay of the inspector', () => {
  let browser: Browser;
  let page: Page;
  let problems: string[];
  let address: string;
  let closeServer: () => Promise<void>;

  beforeAll(async () => {
    const server = await createServer({
      configFile: 'examples/vite.config.ts',
      root: 'test/inspector-page',
      cacheDir: '../../.cache/inspector-page',
      logLevel: 'error',
      server: { port: 0, host: '127.0.0.1', hmr: false, watch: null },
    });
    await server.listen();
    address = server.resolvedUrls?.local[0] ?? '';
    closeServer = () => server.close();
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    await closeServer();
  });

  beforeEach(async () => {
    ({ page, problems } = await newPage(browser));
  });

  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  it('shows the graph, what is dropped and what is slow, under a strict policy', async () => {
    await page.goto(address);
    const { stages, findings } = await soon(
      page,
      'it finds what is slow',
      (now) => now.findings.length > 1 && now.findings.some((text) => text.includes('slowest: it takes')),
    );
    for (const name of ['examples', 'batch', 'trainStep', 'predict', 'latest', 'download', 'subscriber'])
      expect(stages).toContain(name);
    expect(findings[0]).toMatch(/^latest has dropped \d+ of \d+ values/);
    expect(findings.at(-1)).toContain('mapTensorAsync 2 is the slowest');
  });

  it('names the code that leaks, and reads it out', async () => {
    await page.goto(`${address}?fault=leak`);
    const now = await soon(page, 'it finds the leak', ({ findings }) =>
      findings.some((text) => text.includes('leaks')),
    );
    expect(now.findings[0]).toMatch(/^code between predict and mapTensorAsync 2 \(operators of RxJS\) leaks/);
    expect(now.state).toMatch(/^\d findings$/);
    expect(now.announced).toContain('leaks');
  });

  it('names the operator where a value is stuck; a click on that goes to the operator', async () => {
    await page.goto(`${address}?fault=stuck`);
    const { findings } = await soon(page, 'it finds what is stuck', (now) =>
      now.findings.some((text) => text.includes('has held up')),
    );
    expect(findings[0]).toMatch(
      /^mapTensorAsync has held up a value for .*the promise of a projection does not/,
    );
    const focused = await page.evaluate(() => {
      const root = document.querySelector('.rxtensor-inspector')!.shadowRoot!;
      root.querySelector<HTMLElement>('.findings button')!.click();
      const details = root.activeElement!.nextElementSibling as HTMLElement;
      return [root.activeElement!.querySelector('.name')!.textContent, details.hidden, details.textContent];
    });
    expect(focused[0]).toBe('mapTensorAsync');
    expect(focused[1]).toBeFalse();
    expect(focused[2]).toContain('since');
  });

  it('fits a phone, collapses by the keyboard, and has the colours that the system prefers', async () => {
    await page.setViewport({ width: 390, height: 844, isMobile: true, hasTouch: true });
    const papers: string[] = [];
    for (const value of ['light', 'dark']) {
      await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value }]);
      await page.goto(address);
      await soon(page, 'there are stages', ({ stages }) => stages.length > 5);
      papers.push(
        await page.evaluate(() => {
          const root = document.querySelector('.rxtensor-inspector')!.shadowRoot!;
          return getComputedStyle(root.querySelector('.panel')!).backgroundColor;
        }),
      );
    }
    expect(papers).toEqual(['rgb(255, 255, 255)', 'rgb(21, 24, 29)']);
    expect((await shown(page)).isTooWide).toBeFalse();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect((await shown(page)).isOpen).toBeFalse();
    await page.keyboard.press('Enter');
    expect((await shown(page)).isOpen).toBeTrue();
  });

  it('says that the inspection has ended, and goes without a trace', async () => {
    await page.goto(address);
    await soon(page, 'there are stages', ({ stages }) => stages.length > 5);
    await page.evaluate(() => (globalThis as unknown as { leave: () => void }).leave());
    expect((await shown(page)).state).toBe('ended');
    await page.evaluate(() => (globalThis as unknown as { close: () => void }).close());
    expect(await page.evaluate(() => document.querySelectorAll('.rxtensor-inspector').length)).toBe(0);
  });
});
