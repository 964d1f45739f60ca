import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launch, type Browser, type Page } from 'puppeteer-core';
import { bundle, WASM_FOLDER } from './bundle';
import { browserFlags, findBrowser } from '../scripts/find-browser';
import type { SuiteOptions } from './suite';

/** The page and TensorFlow.js's modules on a local port. */
async function serve(script: string): Promise<{ readonly address: string; close(): void }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/';
    if (path === '/') {
      response.setHeader('content-type', 'text/html').end('<!doctype html><script src="/page.js"></script>');
    } else if (path === '/page.js') {
      response.setHeader('content-type', 'text/javascript').end(script);
    } else {
      readFile(new URL(path.slice(1), WASM_FOLDER)).then(
        (bytes) => response.setHeader('content-type', 'application/wasm').end(bytes),
        () => response.writeHead(404).end(),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: () => server.close(),
  };
}

export interface PageOptions {
  /** The file whose script the page has. */
  readonly entry?: string;
  /** The script itself, in place of `entry`. */
  readonly script?: string;
  /** The library's sources in another checkout, as `rxtensor-earlier`. */
  readonly earlier?: string;
  /** Opens the browser; headless Chromium without WebGL by default. */
  readonly open?: () => Promise<OpenBrowser>;
}

export interface OpenBrowser {
  readonly browser: Browser;
  close(): Promise<void>;
}

async function openHeadless(args: string[]): Promise<OpenBrowser> {
  const browser = await launch({ executablePath: await findBrowser(), args, protocolTimeout: 0 });
  return { browser, close: () => browser.close() };
}

/** Opens a page with a script of ours in a browser of its own, and closes both when `use` is done. */
export async function withPage<T>(
  { entry = 'page.ts', script, earlier, open = () => openHeadless(['--no-sandbox']) }: PageOptions,
  use: (page: Page, address: string) => Promise<T>,
): Promise<T> {
  const server = await serve(script ?? (await bundle(entry, 'browser', earlier)));
  try {
    const { browser, close } = await open();
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error));
      await page.goto(server.address);
      return await use(page, server.address);
    } finally {
      await close();
    }
  } finally {
    server.close();
  }
}

/** The suite in a page of headless Chromium. */
export async function runInChromium<Result>(
  options: SuiteOptions,
  report: (result: Result) => void,
  pageOptions: PageOptions = {},
): Promise<void> {
  const open = options.backend === 'webgl' ? { open: () => openHeadless(browserFlags()) } : {};
  await withPage({ ...open, ...pageOptions }, async (page, address) => {
    await page.exposeFunction('reportResult', report);
    await page.evaluate((given) => window.runBenchmarks(given), { ...options, wasmPath: address });
  });
}
