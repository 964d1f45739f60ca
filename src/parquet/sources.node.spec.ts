import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { parquet } from 'rxtensor/parquet';
import { lastValueFrom, map, take, toArray, type Observable } from 'rxjs';
import { parquetFixture } from '../../test/support/parquet-fixtures';

const ROWS = 40_000;
const columns = { id: 'int32' } as const;
const bytes = new Uint8Array(
  parquetWriteBuffer({
    codec: 'UNCOMPRESSED',
    rowGroupSize: 4000,
    columnData: [
      { name: 'noise', data: Array.from({ length: ROWS }, (_, i) => Math.sin(i)), type: 'DOUBLE' },
      { name: 'id', data: Array.from({ length: ROWS }, (_, i) => i), type: 'INT32' },
      { name: 'text', data: Array.from({ length: ROWS }, (_, i) => `row ${i}`), type: 'STRING' },
    ],
  }),
);
const ids = (rows: Observable<{ id: number }>): Promise<number[]> =>
  lastValueFrom(
    rows.pipe(
      map(({ id }) => id),
      toArray(),
    ),
  );

/** A server of the file, that counts the bytes it sends. */
async function serving(
  how: 'ranges' | 'ignores ranges' | 'no HEAD',
): Promise<{ server: Server; address: string; sent: () => number }> {
  let sent = 0;
  const server = createServer((request, response) => {
    if (request.method === 'HEAD') {
      if (how === 'no HEAD') response.writeHead(405).end();
      else response.writeHead(200, { 'content-length': bytes.length }).end();
      return;
    }
    const range = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '');
    const part = range && how === 'ranges' ? bytes.subarray(Number(range[1]), Number(range[2]) + 1) : bytes;
    sent += part.length;
    response.writeHead(part === bytes ? 200 : 206, { 'content-length': part.length }).end(part);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    server,
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/rows`,
    sent: () => sent,
  };
}

describe('A Parquet file in Node', () => {
  let folder: string;
  let path: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-parquet-'));
    path = join(folder, 'rows.parquet');
    await writeFile(path, bytes);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is read by its path, its address, a Blob, bytes, a stream, a response or an iterable', async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 7);
      await Promise.resolve();
      yield bytes.subarray(7);
    }
    const sources = [
      () => parquet(path, { columns }),
      () => parquet(pathToFileURL(path), { columns }),
      () => parquet(new Blob([bytes]), { columns }),
      () => parquet(bytes, { columns }),
      () => parquet(bytes.buffer, { columns }),
      () => parquet(createReadStream(path), { columns }),
      () => parquet(new Blob([bytes]).stream(), { columns }),
      () => parquet(new Response(bytes), { columns }),
      () => parquet(pieces(), { columns }),
    ];
    for (const source of sources) {
      const found = await ids(source());
      expect(found.length).withContext(String(source)).toBe(ROWS);
      expect(found.every((id, i) => id === i)).toBeTrue();
    }
  });

  it('is fetched in the ranges of the wanted columns, as far as rows are asked for', async () => {
    const { server, address, sent } = await serving('ranges');
    try {
      expect((await ids(parquet(address, { columns }))).length).toBe(ROWS);
      // A third of the columns, and the end of the file with the table of contents.
      expect(sent()).toBeLessThan(bytes.length / 2);
      const before = sent();
      expect(await ids(parquet(address, { columns, startAt: 20_000 }).pipe(take(2)))).toEqual([
        20_000, 20_001,
      ]);
      expect(sent() - before).toBeLessThan(150_000);
    } finally {
      server.close();
    }
  });

  for (const how of ['ignores ranges', 'no HEAD'] as const)
    it(`is fetched once from a server that ${how === 'no HEAD' ? 'refuses to tell its size' : how}`, async () => {
      const { server, address, sent } = await serving(how);
      try {
        expect((await ids(parquet(address, { columns }))).length).toBe(ROWS);
        expect(sent()).toBe(bytes.length);
      } finally {
        server.close();
      }
    });

  it('names the file that is not there, or no file', async () => {
    await expectAsync(ids(parquet(join(folder, 'none'), { columns }))).toBeRejectedWithError(
      /^parquet: .*none could not be opened: Error: ENOENT/,
    );
    await expectAsync(ids(parquet(folder, { columns }))).toBeRejectedWithError(
      /is no file of which parts can be read$/,
    );
  });

  it('is decompressed by the functions of the option', async () => {
    const rows = parquet(await parquetFixture('gzip'), {
      columns: { city: 'string', small: 'float32' },
      missing: true,
      compressors: { GZIP: (input) => new Uint8Array(gunzipSync(input)) },
    });
    const found = await lastValueFrom(rows.pipe(toArray()));
    expect(found.length).toBe(40);
    expect(found[7]).toEqual({ city: 'Oslo', small: 0 });
  });
});
