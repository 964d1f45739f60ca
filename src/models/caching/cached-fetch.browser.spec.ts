import { cachedFetch } from 'rxtensor/models';
import { bytesOf, fetchFrom, type Request, type ServedFile } from '../../../test/support/file-server';

describe('cachedFetch with the Cache API', () => {
  const name = 'rxtensor-spec';
  const address = '/model/weights.bin#part';
  afterEach(() => caches.delete(name));

  const bytesFrom = async (response: Response): Promise<Uint8Array> =>
    new Uint8Array(await response.arrayBuffer());

  it('keeps a file, also when the network goes', async () => {
    const file: ServedFile = { bytes: bytesOf(5 << 18), etag: '"1"', ranges: true };
    const asked: Request[] = [];
    const fetch = cachedFetch({ cache: name, fetch: fetchFrom(file, asked) });
    await bytesFrom(await fetch(address));
    expect((await (await caches.open(name)).keys()).length).toBe(3);
    file.status = 'down';
    // Another address of the same file.
    const again = await bytesFrom(await fetch(new URL('/model/weights.bin', location.href).href));
    expect(again.length).toBe(5 << 18);
    expect(again.every((value, i) => value === file.bytes[i])).toBeTrue();
    expect(asked.map(({ condition }) => condition)).toEqual([null, '"1"', null]);
  });

  it('goes on with an interrupted download', async () => {
    const file: ServedFile = { bytes: bytesOf(6 << 18), etag: '"1"', ranges: true, breaksAfter: 5 << 18 };
    const asked: Request[] = [];
    const fetch = cachedFetch({ cache: name, fetch: fetchFrom(file, asked) });
    await expectAsync(fetch(address).then(bytesFrom)).toBeRejected();
    file.breaksAfter = Infinity;
    const whole = await bytesFrom(await fetch(address));
    expect(whole.every((value, i) => value === file.bytes[i])).toBeTrue();
    expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${5 << 18}-`]);
  });

  it('keeps a file for a worker of the page', async () => {
    const file: ServedFile = { bytes: bytesOf(1000), etag: '"1"' };
    await bytesFrom(await cachedFetch({ cache: name, fetch: fetchFrom(file) })(address));
    const code = `caches.open('${name}').then((cache) => cache.keys()).then((keys) => postMessage(keys.length))`;
    const worker = new Worker(URL.createObjectURL(new Blob([code])));
    const found = await new Promise((resolve) =>
      worker.addEventListener('message', ({ data }) => resolve(data)),
    );
    worker.terminate();
    expect(found).toBe(2);
  });
});
