// Pages speak to NATS over WebSocket: a page asks a model that Node serves, with an nkey, and takes part in a stream, with a token.
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import { nkeyAuthenticator, nkeys } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';
import { build } from 'esbuild';
import type { Browser, Page } from 'puppeteer-core';
import * as dl from 'rxtensor';
import { fromNats, serveModel, toNats } from 'rxtensor/nats';
import { firstValueFrom, toArray } from 'rxjs';
import { launchBrowser } from '../scripts/launch-browser';
import { startNatsServer } from '../scripts/nats-server';

/** The program of the page. Tests call its functions. */
const program = `
import { nkeyAuthenticator, wsconnect } from '@nats-io/nats-core';
import * as dl from 'rxtensor';
import { fromNats, natsStore, remoteModel, toNats } from 'rxtensor/nats';

dl.setBackend('cpu');

async function ask(servers, seed) {
  const authenticator = nkeyAuthenticator(new TextEncoder().encode(seed));
  const connection = await wsconnect({ servers, authenticator, inboxPrefix: '_INBOX_client' });
  const found = [];
  await dl
    .examples([1, 2, 3])
    .pipe(dl.mapTensor((x) => dl.fill([1, 2], x)), remoteModel(connection, 'faces'), dl.download())
    .forEach((values) => found.push([...values]));
  await connection.close();
  return { found, tensors: dl.memory().numTensors };
}

async function work(servers, token) {
  const connection = await wsconnect({ servers, token });
  const store = natsStore(connection, 'page');
  await store.save(new Uint8Array([1, 2, 3]));
  await fromNats(connection, 'jobs.in', { durable: 'pages', count: 3 })
    .pipe(dl.mapTensor(({ x, label }) => ({ y: x.square(), label })), toNats(connection, 'jobs.out'))
    .forEach(() => undefined);
  const stored = [...(await store.load())];
  await connection.close();
  return { stored, tensors: dl.memory().numTensors };
}

async function stranger(servers) {
  try {
    await wsconnect({ servers, token: 'wrong', reconnect: false });
    return 'connected';
  } catch (error) {
    return error.message;
  }
}

globalThis.program = { ask, work, stranger };
`;

describe('a page that speaks to NATS', () => {
  let browser: Browser;
  let code: string;
  let page: Page;
  let site: Server;

  beforeAll(async () => {
    const bundled = await build({
      stdin: { contents: program, resolveDir: resolve('.'), loader: 'js' },
      bundle: true,
      format: 'iife',
      platform: 'browser',
      target: 'es2022',
      write: false,
      logLevel: 'error',
    });
    code = bundled.outputFiles[0]!.text;
    // A page from elsewhere may not connect to this machine.
    site = createServer((_, response) => {
      response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>page</title>');
    });
    await new Promise<void>((done) => site.listen(0, '127.0.0.1', done));
    browser = await launchBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser.close();
    site.close();
  });

  beforeEach(async () => {
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
    await page.evaluate(code);
  });
  afterEach(() => page.close());

  const run = (call: string): Promise<unknown> => page.evaluate(`globalThis.program.${call}`);

  it('asks a served model with an nkey, under the permissions of a client', async () => {
    const users = { SERVER: nkeys.createUser(), CLIENT: nkeys.createUser() };
    const certificate = (name: string): string => resolve('test/support/nats-certificate', name);
    const server = await startNatsServer({
      config: await readFile('docs/nats/serving.conf', 'utf8'),
      env: {
        CERTIFICATE: certificate('certificate.pem'),
        KEY: certificate('key.pem'),
        SERVER: users.SERVER.getPublicKey(),
        CLIENT: users.CLIENT.getPublicKey(),
      },
      webSocket: true,
    });
    const connection = await connect({
      servers: server.url,
      tls: { caFile: certificate('certificate.pem') },
      authenticator: nkeyAuthenticator(users.SERVER.getSeed()),
      inboxPrefix: '_INBOX_faces',
    });
    const served = await serveModel(connection, 'faces', (x: dl.Tensor) => x.mul(10));
    const seed = new TextDecoder().decode(users.CLIENT.getSeed());
    expect(await run(`ask('${server.webSocketUrl}', '${seed}')`)).toEqual({
      found: [
        [10, 10],
        [20, 20],
        [30, 30],
      ],
      tensors: 0,
    });
    expect(served.statistics().requests).toBe(3);
    await served.stop();
    await connection.close();
    await server.stop();
  });

  it('takes work from a stream and gives results to one, with a token', async () => {
    const server = await startNatsServer({ config: 'authorization { token: "sesame" }', webSocket: true });
    const connection = await connect({ servers: server.url, token: 'sesame' });
    await (await jetstreamManager(connection)).streams.add({ name: 'jobs', subjects: ['jobs.*'] });
    const jobs = dl.examples([1, 2, 3]).pipe(
      dl.mapTensor((x) => ({ x: dl.scalar(x), label: `job ${x}` })),
      toNats(connection, 'jobs.in'),
    );
    await jobs.forEach(() => undefined);
    expect(await run(`work('${server.webSocketUrl}', 'sesame')`)).toEqual({ stored: [1, 2, 3], tensors: 0 });
    const results = fromNats<{ y: dl.Tensor; label: string }>(connection, 'jobs.out', {
      durable: 'node',
      count: 3,
    });
    expect(
      await firstValueFrom(
        results.pipe(
          dl.mapTensor(({ y, label }) => `${label}: ${y.dataSync()[0]!}`),
          toArray(),
        ),
      ),
    ).toEqual(['job 1: 1', 'job 2: 4', 'job 3: 9']);
    expect(await run(`stranger('${server.webSocketUrl}')`)).toMatch(/Authorization/i);
    await connection.close();
    await server.stop();
  });
});
