import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from '@nats-io/transport-node';
import { build } from 'esbuild';
import { lastValueFrom } from 'rxjs';
import { getBackend, setBackend } from 'rxtensor';
import { dataParallel } from 'rxtensor/nats';
import { launchBrowser } from '../scripts/launch-browser';
import { startNatsServer, type NatsServer } from '../scripts/nats-server';
import { beginLine, lineSteps, LINE_STEPS } from './cluster/line';
import type { PageResult } from './cluster/joining-page';

describe('A page', () => {
  let server: NatsServer;
  let site: Server;

  beforeAll(async () => {
    server = await startNatsServer({ webSocket: true });
    // A page from elsewhere may not connect to this machine.
    site = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>page</title>');
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
  });
  afterAll(async () => {
    site.close();
    await server.stop();
  });

  /** Runs the program of the page, in a page. */
  async function inPage(argument: object): Promise<PageResult> {
    const bundled = await build({
      entryPoints: ['test/cluster/joining-page.ts'],
      ...{ bundle: true, write: false, format: 'iife', globalName: 'entry', platform: 'browser' },
      ...{ target: 'es2022', logLevel: 'warning' },
    });
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error));
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
      await page.addScriptTag({ content: bundled.outputFiles[0]!.text });
      return (await page.evaluate(`entry.main(${JSON.stringify(argument)})`)) as PageResult;
    } finally {
      await browser.close();
    }
  }

  it('trains with a program of Node, and shows who is there', async () => {
    const before = getBackend();
    setBackend('cpu');
    const connection = await connect({ servers: server.url, noEcho: true });
    const line = beginLine();
    const peers = dataParallel(connection, 'line', { size: 2, name: 'node' });
    const [page] = await Promise.all([
      inPage({ url: server.webSocketUrl, run: 'line' }),
      lastValueFrom(lineSteps(line, peers)),
    ]);
    const slope = line.slope.dataSync()[0]!;
    expect(page.slope).toBeCloseTo(slope, 5);
    expect(slope).toBeGreaterThan(1);
    expect(page.steps).toBe(LINE_STEPS);
    expect(page.seen.map((members) => [...members].sort())).toContain(['node', 'page']);
    expect(page.leftTensors).toBe(0);
    line.dispose();
    await connection.close();
    setBackend(before);
  });
});
