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

const worker = `
  onmessage = ({ data }) => {
    if (data) library.setBackend(data);
    const sum = library.tidy(() => library.tensor1d([1, 2, 3]).square().sum().dataSync()[0]);
    postMessage({ ...library.backendReport(), sum, hasDocument: typeof document !== 'undefined' });
  };
`;

async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: "export * from 'rxtensor';", resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'library',
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
    const script = await bundled();
    const scripts: Readonly<Record<string, string>> = {
      '/library.js': script,
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
      /^'cpu' is the default here; 'webgl' is not, since it is rendered in software, .*SwiftShader.*setBackend\('webgl'\) takes it/,
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
    expect(chosen.reason).toMatch(/^setBackend\('webgl'\) chose it, although it is rendered in software/);
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
    expect([backend, device, reason]).toEqual(['webgl', '', "'webgl' is the default here"]);
    expect(said).toEqual([]);
  });

  it('a worker, which has no document, decides alike, and computes on WebGL if it is told to', async () => {
    await open();
    const reports = await page.evaluate(() => {
      const ask = (
        backend: string | null,
      ): Promise<dl.BackendReport & { sum: number; hasDocument: boolean }> =>
        new Promise((resolve, reject) => {
          const worker = new Worker('/worker.js');
          worker.onmessage = ({ data }: MessageEvent) => {
            worker.terminate();
            resolve(data as never);
          };
          worker.onerror = ({ message }) => reject(new Error(message));
          worker.postMessage(backend);
        });
      return Promise.all([ask(null), ask('webgl')]);
    });
    expect(reports.map(({ backend, sum, hasDocument }) => [backend, sum, hasDocument])).toEqual([
      ['cpu', 14, false],
      ['webgl', 14, false],
    ]);
    expect(reports[0].reason).toContain('SwiftShader');
  });
});
