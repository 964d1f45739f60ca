import type * as dl from 'rxtensor';
import { cachedFetch, loadGraphModel, type FileCache } from 'rxtensor/models';
import {
  bytesOf,
  fetchFrom,
  sameBytes as same,
  type Request,
  type ServedFile,
} from '../../../test/support/file-server';

const ADDRESS = 'https://example.org/model/weights.bin';
/** A quarter of a part that is kept at once. */
const QUARTER = 1 << 18;

function memoryCache(): FileCache & { readonly kept: Map<string, Uint8Array> } {
  const kept = new Map<string, Uint8Array>();
  return {
    kept,
    read: (key) => Promise.resolve(kept.get(key) ?? null),
    write: (key, bytes) => Promise.resolve(void kept.set(key, bytes.slice())),
    remove: (key) => Promise.resolve(void kept.delete(key)),
  };
}

/** The bytes of an answer; the error, if its body broke. */
async function read(response: Promise<Response>): Promise<Uint8Array | Error> {
  const { body } = await response;
  const chunks: Uint8Array[] = [];
  try {
    const reader = body!.getReader();
    for (let next = await reader.read(); !next.done; next = await reader.read()) chunks.push(next.value);
  } catch (error) {
    return error as Error;
  }
  return new Uint8Array(await new Blob(chunks as Uint8Array<ArrayBuffer>[]).arrayBuffer());
}

function caching(file: ServedFile, cache = memoryCache()) {
  const asked: Request[] = [];
  const fetch = cachedFetch({ cache, fetch: fetchFrom(file, asked) });
  return { asked, cache, fetch, get: (init?: { signal: AbortSignal }) => read(fetch(ADDRESS, init)) };
}

describe('cachedFetch', () => {
  for (const [what, validators] of [
    ['ETag', { etag: '"1"' }],
    ['weak ETag', { etag: 'W/"1"' }],
    ['Last-Modified', { lastModified: 'Sun, 01 Nov 2026 00:00:00 GMT' }],
  ] as const) {
    it(`downloads a file once while its ${what} is the same`, async () => {
      const file: ServedFile = { bytes: bytesOf(1000), ...validators };
      const { asked, get } = caching(file);
      expect(same(await get(), file.bytes)).toBeTrue();
      const old = file.bytes;
      // Nothing of it is asked for again.
      file.bytes = bytesOf(1000, 7);
      expect(same(await get(), old)).toBeTrue();
      expect(asked).toEqual([
        { range: null, condition: null },
        { range: null, condition: Object.values(validators)[0]! },
      ]);
    });

    it(`downloads a file again when its ${what} has changed, and keeps the new one alone`, async () => {
      const file: ServedFile = { bytes: bytesOf(1000), ...validators };
      const { get, cache } = caching(file);
      await get();
      Object.assign(file, { bytes: bytesOf(500, 7) }, 'etag' in validators ? { etag: '"2"' } : { lastModified: 'Mon, 02 Nov 2026 00:00:00 GMT' });
      expect(same(await get(), file.bytes)).toBeTrue();
      expect(cache.kept.size).toBe(2);
      file.status = 'down';
      expect(same(await get(), file.bytes)).toBeTrue();
    }); // prettier-ignore
  }

  it('sees by what a simple server sends that a file is the same', async () => {
    const file: ServedFile = { bytes: bytesOf(1000), etag: '"1"', isSimple: true };
    const { get } = caching(file);
    await get();
    const old = file.bytes;
    file.bytes = bytesOf(1000, 7);
    expect(same(await get(), old)).toBeTrue();
  });

  it('gives the kept copy without network, or when the server fails', async () => {
    const file: ServedFile = { bytes: bytesOf(9 * QUARTER), etag: '"1"', ranges: true };
    const { get, cache, fetch } = caching(file);
    expect(same(await get(), file.bytes)).toBeTrue();
    // A record, and parts of a megabyte.
    expect([...cache.kept.values()].map(({ length }) => length).filter((length) => length >= QUARTER)).toEqual([4 * QUARTER, 4 * QUARTER, QUARTER]);
    for (const status of ['down', 500, 503] as const) {
      file.status = status;
      expect(same(await get(), file.bytes)).toBeTrue();
    }
    file.status = 404;
    expect((await fetch(ADDRESS)).status).toBe(404);
    file.status = 'down';
    await expectAsync(fetch('https://example.org/another')).toBeRejectedWithError(TypeError, 'fetch failed');
  }); // prettier-ignore

  it('goes on with an interrupted download, and says how long all is', async () => {
    const file: ServedFile = {
      bytes: bytesOf(10 * QUARTER),
      etag: '"1"',
      ranges: true,
      breaksAfter: 4 * QUARTER,
    };
    const { get, asked, fetch } = caching(file);
    expect(await get()).toBeInstanceOf(Error);
    expect(await get()).toEqual(new TypeError('the connection broke'));
    file.breaksAfter = Infinity;
    const response = fetch(ADDRESS);
    expect((await response).headers.get('content-length')).toBe(String(10 * QUARTER));
    expect(same(await read(response), file.bytes)).toBeTrue();
    expect(asked.map(({ range }) => range)).toEqual([null, `bytes=${4 * QUARTER}-`, `bytes=${8 * QUARTER}-`]);
    file.status = 'down';
    expect(same(await get(), file.bytes)).toBeTrue();
  });

  it('goes on behind the last part when a page was closed, or the loading aborted', async () => {
    const file: ServedFile = { bytes: bytesOf(10 * QUARTER), etag: '"1"', ranges: true };
    const { get, asked, fetch, cache } = caching(file);
    const reader = (await fetch(ADDRESS)).body!.getReader();
    for (let i = 0; i < 6; i++) await reader.read();
    // As if this one had no time to keep what came behind the first.
    expect(cache.kept.size).toBe(2);
    const closed = caching(file, { ...memoryCache(), ...cache, kept: cache.kept });
    await reader.cancel();
    const controller = new AbortController();
    const stopping = await fetch(ADDRESS, { signal: controller.signal });
    controller.abort(new Error('left'));
    expect(await read(Promise.resolve(stopping))).toEqual(new Error('left'));
    expect(same(await closed.get(), file.bytes)).toBeTrue();
    expect(closed.asked[0]!.range).toMatch(/^bytes=[12]\d{6}-$/);
    expect(same(await get(), file.bytes)).toBeTrue();
    expect(asked.length).toBe(3);
  });

  it('begins anew when the file changed in between', async () => {
    const file: ServedFile = {
      bytes: bytesOf(10 * QUARTER),
      etag: '"1"',
      ranges: true,
      breaksAfter: 5 * QUARTER,
    };
    const { get, cache } = caching(file);
    await get();
    Object.assign(file, { bytes: bytesOf(6 * QUARTER, 7), etag: '"2"', breaksAfter: Infinity });
    expect(same(await get(), file.bytes)).toBeTrue();
    expect(cache.kept.size).toBe(3);
    // Shorter than what was kept, with the same tag.
    const broken: ServedFile = {
      bytes: bytesOf(10 * QUARTER),
      etag: '"1"',
      ranges: true,
      breaksAfter: 5 * QUARTER,
    };
    const other = caching(broken);
    await other.get();
    Object.assign(broken, { bytes: bytesOf(3 * QUARTER), breaksAfter: Infinity });
    expect(same(await other.get(), broken.bytes)).toBeTrue();
  });

  it('keeps the old version until the new one is whole', async () => {
    const file: ServedFile = { bytes: bytesOf(6 * QUARTER), etag: '"1"', ranges: true };
    const { get } = caching(file);
    await get();
    const old = file.bytes;
    Object.assign(file, { bytes: bytesOf(6 * QUARTER, 7), etag: '"2"', breaksAfter: 5 * QUARTER });
    expect(await get()).toBeInstanceOf(Error);
    file.status = 'down';
    expect(same(await get(), old)).toBeTrue();
  });

  it('does not go on where bytes of two downloads may not fit: no ranges, a weak tag, a compressed body', async () => {
    const all: Partial<ServedFile>[] = [
      { etag: '"1"' },
      { etag: 'W/"1"', ranges: true },
      { lastModified: 'Sun, 01 Nov 2026 00:00:00 GMT', ranges: true },
      { etag: '"1"', ranges: true, headers: { 'content-encoding': 'gzip' } },
    ];
    for (const more of all) {
      const file: ServedFile = { bytes: bytesOf(6 * QUARTER), ...more, breaksAfter: 5 * QUARTER };
      const { get, asked, cache } = caching(file);
      await get();
      expect(cache.kept.size).toBe(0);
      file.breaksAfter = Infinity;
      expect(same(await get(), file.bytes)).toBeTrue();
      expect(asked.map(({ range }) => range)).toEqual([null, null]);
    }
  });

  it('asks without headers where a server elsewhere allows none', async () => {
    const file: ServedFile = { bytes: bytesOf(1000), etag: '"1"' };
    const asked: Request[] = [];
    const plain = fetchFrom(file, asked);
    const cache = memoryCache();
    const fetch = cachedFetch({
      cache,
      fetch: (address, init) =>
        init?.headers ? Promise.reject(new TypeError('CORS')) : plain(address, init),
    });
    await read(fetch(ADDRESS));
    expect(same(await read(fetch(ADDRESS)), file.bytes)).toBeTrue();
    expect(asked.length).toBe(2);
  });

  it('downloads again what the cache has lost or damaged', async () => {
    const file: ServedFile = { bytes: bytesOf(1000), etag: '"1"', ranges: true };
    const { get, cache } = caching(file);
    await get();
    const part = [...cache.kept.keys()].find((key) => key !== ADDRESS)!;
    cache.kept.delete(part);
    expect(String(await get())).toMatch(
      /the kept copy of .*weights\.bin has nothing in part 0; wanted 1000$/,
    );
    expect(same(await get(), file.bytes)).toBeTrue();
    for (const damaged of ['', '[', '[]', '{"id":3}', '{"id":"a","parts":["x"]}', '{"id":"a","parts":{}}']) {
      cache.kept.set(ADDRESS, new TextEncoder().encode(damaged));
      expect(same(await get(), file.bytes)).toBeTrue();
    }
  });

  it('goes on without a cache that is full, or broken', async () => {
    const file: ServedFile = { bytes: bytesOf(6 * QUARTER), etag: '"1"', ranges: true };
    const fails = (): Promise<never> => Promise.reject(new Error('full'));
    for (const broken of [{ write: fails }, { read: fails }, { read: fails, write: fails, remove: fails }]) {
      const { get } = caching(file, { ...memoryCache(), ...broken });
      expect(same(await get(), file.bytes)).toBeTrue();
      expect(same(await get(), file.bytes)).toBeTrue();
    }
  });

  it('does not keep what is shorter than the server has said', async () => {
    const file: ServedFile = { bytes: bytesOf(1000), etag: '"1"', headers: { 'content-length': '2000' } };
    const { get, cache } = caching(file);
    await get();
    expect(cache.kept.size).toBe(0);
  });

  it('serves a model', async () => {
    const json = JSON.stringify({
      modelTopology: { node: [{ name: 'w', op: 'Const' }, { name: 'y', op: 'Neg', input: ['w'] }] },
      weightsManifest: [{ paths: ['w.bin'], weights: [{ name: 'w', shape: [2], dtype: 'float32' }] }],
    }); // prettier-ignore
    const files: Record<string, ServedFile> = {
      'https://example.org/model.json': { bytes: new TextEncoder().encode(json), etag: '"a"' },
      'https://example.org/w.bin': {
        bytes: new Uint8Array(new Float32Array([1, 2]).buffer),
        etag: '"b"',
        ranges: true,
      },
    };
    const server = (address: string, init?: RequestInit): Promise<Response> =>
      fetchFrom(files[address]!)(address, init);
    const fetch = cachedFetch({ cache: memoryCache(), fetch: server });
    for (let i = 0; i < 2; i++) {
      const model = await loadGraphModel('https://example.org/model.json', { fetch });
      const y = model.predict({}) as dl.Tensor;
      expect([...(await y.data())]).toEqual([-1, -2]);
      y.dispose();
      model.dispose();
      for (const file of Object.values(files)) file.status = 'down';
    }
  });

  it('refuses what is no cache, and options that it does not know', () => {
    for (const [options, message] of [
      [
        { cache: 3 },
        "cachedFetch: argument 'cache' is 3; wanted a name, or an object with read, write and remove",
      ],
      [
        { cache: {} },
        "cachedFetch: argument 'cache' is an object; wanted a name, or an object with read, write and remove",
      ],
      [{ fetch: 'x' }, "cachedFetch: argument 'fetch' is 'x'; wanted a function"],
      [{ caches: 'x' }, "cachedFetch: there is no option 'caches'; the nearest is 'cache' (others: fetch)"],
    ] as const) {
      expect(() => cachedFetch(options as never)).toThrowError(message);
    }
  });
});
