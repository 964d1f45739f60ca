// The smoke test in WebKit, the engine of Safari, as Debian has it (WebKitGTK).
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { launchWebKit, type DrivenBrowser } from '../../scripts/web-driver';
import { onPlatform } from './choice';
import { bundledForPage } from './bundle';
import { expected } from './expected';
import type { PageSmoke } from './smoke-in-page';

onPlatform('WebKit', () => {
  let server: Server;
  let browser: DrivenBrowser;

  beforeAll(async () => {
    const script = await bundledForPage('test/platforms/smoke-in-page.ts');
    server = createServer((request, response) => {
      const isScript = request.url === '/smoke.js';
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html; charset=utf-8');
      response.end(
        isScript ? script : '<!doctype html><title>smoke</title><script src="/smoke.js"></script>',
      );
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await launchWebKit();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('computes and trains on the CPU, and on WebGL if it has that', async () => {
    await browser.open(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    const { cpu, webgl } = await browser.evaluate<PageSmoke>('entry.main()');
    console.log(`${browser.name}: WebGL ${typeof webgl === 'string' ? `is missing: ${webgl}` : 'computes'}`);
    expect(cpu).toEqual(expected('cpu'));
    if (typeof webgl !== 'string') expect(webgl).toEqual(expected('webgl'));
  });
});
