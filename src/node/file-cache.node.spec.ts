import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cachedFetch } from 'rxtensor/models';
import { fileCache } from 'rxtensor/node';
import { answerOf, bytesOf, type Request, type ServedFile } from '../../test/support/file-server';

/** A quarter of a part that is kept at once. */
const QUARTER = 1 << 18;

describe('fileCache', () => {
  let folder = '';
  let server: Server;
  let address = '';
  let file: ServedFile;
  let asked: Request[];

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'rxtensor-cache-')), 'models');
    file = { bytes: bytesOf(10 * QUARTER), etag: '"1"', ranges: true };
    asked = [];
    server = createServer((request, response) => {
      const headers = new Headers();
      for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value));
      const answer = answerOf(file, headers, asked);
      if (!answer) return void response.destroy();
      response.writeHead(answer.status, answer.headers);
      if (!answer.isBroken) return void response.end(answer.body);
      response.write(answer.body, () => setTimeout(() => response.destroy(), 50));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/weights.bin`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  const load = async (): Promise<boolean> => {
    const response = await cachedFetch({ cache: fileCache(folder) })(address);
    return Buffer.from(await response.arrayBuffer()).equals(file.bytes);
  };

  it('keeps a file of a server, which is asked whether it is the same', async () => {
    expect(await load()).toBeTrue();
    expect(await load()).toBeTrue();
    expect(asked).toEqual([
      { range: null, condition: null },
      { range: null, condition: '"1"' },
    ]);
    expect((await readdir(folder)).length).toBe(4);
    Object.assign(file, { bytes: bytesOf(QUARTER, 7), etag: '"2"' });
    expect(await load()).toBeTrue();
    expect((await readdir(folder)).length).toBe(2);
  });

  it('serves it when the server is gone', async () => {
    expect(await load()).toBeTrue();
    file.status = 'down';
    expect(await load()).toBeTrue();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
    expect(await load()).toBeTrue();
  });

  it('goes on with a download that broke', async () => {
    file.breaksAfter = 6 * QUARTER;
    await expectAsync(load()).toBeRejected();
    delete file.breaksAfter;
    expect(await load()).toBeTrue();
    const from = Number(/\d+/.exec(asked[1]!.range!)![0]);
    expect(from).toBeGreaterThanOrEqual(4 * QUARTER);
    expect(from).toBeLessThanOrEqual(6 * QUARTER);
    file.status = 'down';
    expect(await load()).toBeTrue();
  });

  it('is a folder', () => {
    for (const wrong of [3, '', undefined, null])
      expect(() => fileCache(wrong as never)).toThrowError(
        /^fileCache: argument 'folder' is .*; wanted the path of a folder$/,
      );
  });
});
