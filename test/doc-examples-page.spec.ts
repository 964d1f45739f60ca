// The examples of the guides that need a page (a slider, a canvas, a camera) run in one: each prints something, and throws nothing.
// The camera is Chromium's own fake, which needs no permission; the files of workers stand beside the page, under their names.
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { build } from 'esbuild';
import type { Browser } from 'puppeteer-core';
import { launchBrowser } from '../scripts/launch-browser';
import { guideExamples } from './doc-example';

const all = guideExamples();
const examples = all.filter(({ needsPage }) => needsPage);

/** The browser renders in software, where the CPU is the default: the examples are tested on WebGL, which most readers have. */
const ON_WEBGL = "import { setBackend as onWebGL } from 'rxtensor'; onWebGL('webgl');";

/** One script of an example and all that it imports. */
async function bundled(code: string): Promise<string> {
  const result = await build({
    stdin: { contents: `${ON_WEBGL}\n${code}`, resolveDir: process.cwd(), loader: 'ts' },
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    // `sideEffects` of package.json is about what is published.
    ignoreAnnotations: true,
    logLevel: 'error',
  });
  return result.outputFiles[0]!.text;
}

/** Longer than any of them takes to have its say. */
const LIMIT_MS = 60_000;

describe('the examples in the guides that need a page', () => {
  let browser: Browser;
  let server: Server;
  /** By their paths: the example, and the files of workers. */
  const scripts = new Map<string, string>();

  beforeAll(async () => {
    for (const { workerFile, code } of all) {
      if (workerFile) scripts.set(`/${workerFile}`, await bundled(code));
    }
    // A camera is for secure origins: a page of its own machine is one, a blank page is not.
    server = createServer((request, response) => {
      const script = scripts.get(request.url ?? '');
      response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
      response.end(script ?? '<!doctype html><link rel="icon" href="data:,"><body></body>');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser.close();
    server.close();
  });

  it('are there', () => {
    expect(examples.length).toBeGreaterThan(0);
  });

  for (const { place, code } of examples) {
    it(
      `run: ${place}`,
      async () => {
        scripts.set('/example.js', await bundled(code));
        const page = await browser.newPage();
        const problems: string[] = [];
        page.on('pageerror', (error) => problems.push(String(error)));
        const spoke = new Promise<void>((resolve) => {
          page.on('console', (message) => {
            if (message.type() === 'error') problems.push(message.text());
            else if (message.type() === 'log') resolve();
          });
        });
        await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
        await page.addScriptTag({ url: '/example.js', type: 'module' });
        const late = setTimeout(() => problems.push('it has printed nothing'), LIMIT_MS - 5000);
        await Promise.race([spoke, new Promise((resolve) => setTimeout(resolve, LIMIT_MS - 4000).unref())]);
        clearTimeout(late);
        // What goes on after the first line has its turn.
        await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 200)));
        await page.close();
        expect(problems).toEqual([]);
      },
      LIMIT_MS,
    );
  }
});
