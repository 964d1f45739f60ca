import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launch } from 'puppeteer-core';
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

/** The suite in a page of headless Chromium. */
export async function runInChromium<Result>(
  options: SuiteOptions,
  report: (result: Result) => void,
  earlier?: string,
): Promise<void> {
  const server = await serve(await bundle('page.ts', 'browser', earlier));
  const browser = await launch({
    executablePath: await findBrowser(),
    args: options.backend === 'webgl' ? browserFlags() : ['--no-sandbox'],
    protocolTimeout: 0,
  });
  try {
    const page = await browser.newPage();
    page.on('pageerror', (error) => console.error(error));
    await page.goto(server.address);
    await page.exposeFunction('reportResult', report);
    await page.evaluate((given) => window.runBenchmarks(given), { ...options, wasmPath: server.address });
  } finally {
    await browser.close();
    server.close();
  }
}
