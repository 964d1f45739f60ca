// The backend that a page and a worker get where the renderer is software, as it is in the browser of the tests.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import type * as dl from 'rxtensor';
import { launchBrowser } from '../scripts/launch-browser';

type Library = typeof dl;

/** What the scripts of the pages here give to the page. */
declare const library: Library;
declare const other: Library;

const worker = `
  onmessage = ({ data }) => {
    if (data) library.setBackend(data);
    const sum = library.tidy(() => library.tensor1d([1, 2, 3]).square().sum().dataSync()[0]);
    postMessage({ ...library.backendReport(), sum, hasDocument: typeof document !== 'undefined' });
  };
`;

/** The library, as a script that gives it to the page under a name. */
async function bundled(globalName: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "export * from 'rxtensor';", resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName,
    target: 'es2022',
    ignoreAnnotations: true,
    logLevel: 'error',
  });
  return outputFiles[0]!.text;
}

describe('where the renderer is software', () => {
  let browser: Browser;
  let server: Server;
  let page: Page;
  let said: string[];
  let problems: string[];

  beforeAll(async () => {
    const script = await bundled('library');
    const scripts: Readonly<Record<string, string>> = {
      '/library.js': script,
      '/other.js': await bundled('other'),
      '/worker.js': script + worker,
    };
    server = createServer(({ url }, response) => {
      const text = scripts[url ?? ''];
      response.setHeader('content-type', text === undefined ? 'text/html' : 'text/javascript');
      response.end(text ?? '<!doctype html><link rel="icon" href="data:,"><body></body>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  beforeEach(async () => {
    page = await browser.newPage();
    said = [];
    problems = [];
    page.on('pageerror', (error) => problems.push(String(error)));
    page.on('console', (message) => said.push(message.text()));
  });

  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });

  const open = async (): Promise<void> => {
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.addScriptTag({ url: '/library.js' });
  };

  it('the CPU is the default, the console says why, once, and WebGL can be chosen', async () => {
    await open();
    const report = await page.evaluate(() => {
      library.tidy(() => library.ones([2]).square());
      return library.backendReport();
    });
    expect(report.backend).toBe('cpu');
    expect(report.device).toMatch(/^WebAssembly/);
    expect(report.reason).toMatch(
      /^'cpu' is the default here; 'webgl' is not, since its renderer is software: .*SwiftShader.*setBackend\('webgl'\) takes it/,
    );
    expect(report.unsupported).toEqual({});
    const chosen = await page.evaluate(async () => {
      await library.setBackend('webgl');
      const sum = library.tidy(() => library.ones([3]).sum().dataSync()[0]);
      return { ...library.backendReport(), sum };
    });
    expect(chosen.backend).toBe('webgl');
    expect(chosen.sum).toBe(3);
    expect(chosen.device).toContain('SwiftShader');
    expect(chosen.reason).toMatch(/^setBackend\('webgl'\) chose it, although its renderer is software/);
    expect(said).toEqual([`rxtensor: ${report.reason}`]);
  });

  it('says nothing where the program chooses', async () => {
    await open();
    expect(await page.evaluate(() => library.setBackend('webgl'))).toBeTrue();
    expect(await page.evaluate(() => library.getBackend())).toBe('webgl');
    expect(said).toEqual([]);
  });

  it('a hidden name keeps WebGL', async () => {
    await page.evaluateOnNewDocument(() => {
      const prototype = WebGL2RenderingContext.prototype as { getExtension: (name: string) => unknown };
      const { getExtension } = prototype;
      prototype.getExtension = function (this: unknown, name) {
        return name === 'WEBGL_debug_renderer_info' ? null : getExtension.call(this, name);
      };
    });
    await open();
    const { backend, device, reason } = await page.evaluate(() => library.backendReport());
    expect([backend, device, reason]).toEqual(['webgl', 'WebKit WebGL', "'webgl' is the default here"]);
    expect(said).toEqual([]);
  });

  it('a worker, which has no document, decides alike, and computes on WebGL if it is told to', async () => {
    await open();
    const reports = await page.evaluate(() =>
      Promise.all(
        [null, 'webgl'].map(
          (backend) =>
            new Promise<dl.BackendReport & { sum: number; hasDocument: boolean }>((resolve, reject) => {
              const worker = new Worker('/worker.js');
              worker.onmessage = ({ data }: MessageEvent) => {
                worker.terminate();
                resolve(data as never);
              };
              worker.onerror = ({ message }) => reject(new Error(message));
              worker.postMessage(backend);
            }),
        ),
      ),
    );
    expect(reports.map(({ backend, sum, hasDocument }) => [backend, sum, hasDocument])).toEqual([
      ['cpu', 14, false],
      ['webgl', 14, false],
    ]);
    expect(reports[0]!.reason).toContain('SwiftShader');
  });

  it('two copies in one page, both on WebGL, do not disturb each other', async () => {
    await open();
    await page.addScriptTag({ url: '/other.js' });
    const { losses, lefts, mixed, after } = await page.evaluate(async () => {
      const copies = [library, other];
      const runs = [];
      for (const copy of copies) {
        await copy.setBackend('webgl');
        copy.setSeed(1);
        const { numTensors, numBytes } = copy.memory();
        const xs = copy.randomNormal<dl.Rank.R2>([32, 8]);
        const w = copy.tidy(() => copy.variable(copy.randomNormal<dl.Rank.R2>([8, 1])));
        runs.push({
          copy,
          numTensors,
          numBytes,
          xs,
          w,
          optimizer: copy.train.adam(0.1),
          losses: [] as number[],
        });
      }
      // A step of one, a step of the other, with reads that are still pending meanwhile.
      for (let step = 0; step < 10; step++) {
        const pending = runs.map(({ xs, w, optimizer }) => {
          const loss = optimizer.minimize(() => xs.matMul(w).square().mean().asScalar(), true)!;
          return { loss, read: loss.data() };
        });
        for (const [i, { loss, read }] of pending.entries()) {
          runs[i]!.losses.push((await read)[0]!);
          loss.dispose();
        }
      }
      let mixed = '';
      try {
        library.add(1, runs[1]!.xs);
      } catch (error) {
        mixed = String(error);
      }
      const lefts = runs.map(({ copy, xs, w, optimizer, numTensors, numBytes }) => {
        copy.dispose([xs, w]);
        optimizer.dispose();
        const now = copy.memory();
        return [now.numTensors - numTensors, now.numBytes - numBytes];
      });
      // One gives its context back; the other goes on.
      library.removeBackend('webgl');
      const after = [
        library.getBackend(),
        other.getBackend(),
        ...copies.map((copy) => copy.tidy(() => copy.tensor1d([1, 2, 3]).square().sum().dataSync()[0])),
      ];
      return { losses: runs.map((run) => run.losses), lefts, mixed, after };
    });
    expect(losses[0]).toHaveSize(10);
    expect(losses[0]!.at(-1)).toBeLessThan(losses[0]![0]! / 2);
    expect(losses[1]).toEqual(losses[0]);
    expect(mixed).toContain('2 copies of rxtensor are loaded');
    expect(lefts).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(after).toEqual(['cpu', 'webgl', 14, 14]);
  });
});
