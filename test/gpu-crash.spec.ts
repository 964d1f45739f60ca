// The GPU process of the browser crashes in the middle of a training: for seconds WebGL shows no sign of it, and reads do nothing.
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import { browserFlags } from '../scripts/find-browser';
import { launchBrowser } from '../scripts/launch-browser';
import { until } from './example-pages';
import type { Shown } from './gpu-crash/page';

describe('A training whose GPU process crashes', () => {
  let browser: Browser;
  let page: Page;
  let code: string;

  beforeAll(async () => {
    const bundled = await build({
      entryPoints: ['test/gpu-crash/page.ts'],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'training',
      target: 'es2022',
    });
    code = bundled.outputFiles[0]!.text;
  });

  beforeEach(async () => {
    // Otherwise the browser refuses WebGL after a few crashes.
    browser = await launchBrowser([...browserFlags(), '--disable-domain-blocking-for-3d-apis']);
    page = await browser.newPage();
    await page.addScriptTag({ content: code });
  });

  afterEach(() => browser.close());

  const shown = async (): Promise<Shown> => (await page.evaluate('training.shown')) as Shown;

  async function crash(): Promise<void> {
    const session = await browser.target().createCDPSession();
    // It is not in the protocol's types. The answer may not come: the process is gone.
    void session.send('Browser.crashGpuProcess' as never).catch(() => undefined);
  }

  it('fails, without a checkpoint or a loss of zeros, and a new context works', async () => {
    await page.evaluate('training.start(false, Infinity)');
    await until(shown, 'it trains', ({ losses, written }) => losses.length > 5 && written > 5);
    await crash();
    const end = await until(shown, 'it has ended', ({ ending }) => ending !== '');
    expect(end.ending).toBe('ContextLostError');
    expect(end.zeros).toBe(0);
    for (const loss of end.losses) expect(loss).toBeGreaterThanOrEqual(1);
    expect(end.after).toBe(2);
  });

  it('goes on by resilient', async () => {
    await page.evaluate('training.start(true, 400)');
    await until(shown, 'it trains', ({ losses, written }) => losses.length > 5 && written > 5);
    await crash();
    const end = await until(shown, 'it has ended', ({ ending }) => ending !== '');
    expect(end.ending).toBe('complete');
    expect(end.starts).toBeGreaterThan(1);
    expect(end.zeros).toBe(0);
    for (const loss of end.losses) expect(loss).toBeGreaterThanOrEqual(1);
  });
});
