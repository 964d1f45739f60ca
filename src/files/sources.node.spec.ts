import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createReadStream } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import * as dl from 'rxtensor';
import { csv, fileBytes, idx, jsonLines, loadIdx } from 'rxtensor/files';
import { lastValueFrom, map, take, toArray, type Observable } from 'rxjs';
import { until } from '../../test/support/marbles';

const columns = { x: 'float32' } as const;
const read = (rows: Observable<{ x: number }>): Promise<number[]> =>
  lastValueFrom(
    rows.pipe(
      map(({ x }) => x),
      toArray(),
    ),
  );

describe('A file in Node', () => {
  let folder: string;
  let path: string;
  const text = `x\n${Array.from({ length: 100_000 }, (_, i) => `${i % 10}\n`).join('')}`;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rxtensor-files-'));
    path = join(folder, 'a table.csv');
    await writeFile(path, text);
    await writeFile(`${path}.gz`, gzipSync(text));
    await writeFile(join(folder, 'labels.idx'), Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 2, 7, 1));
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is read by its path, its address, a stream of Node or of the web, a response or an iterable, compressed or not', async () => {
    const bytes = new TextEncoder().encode(text);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      yield bytes.subarray(0, 7);
      await Promise.resolve();
      yield bytes.subarray(7);
    }
    // No cast is needed for any of them.
    const sources = [
      () => csv(path, { columns }),
      () => csv(pathToFileURL(path), { columns }),
      () => csv(pathToFileURL(path).href, { columns }),
      () => csv(`${path}.gz`, { columns }),
      () => csv(createReadStream(path), { columns }),
      () => csv(createReadStream(`${path}.gz`), { columns }),
      () => csv(Readable.toWeb(createReadStream(path)), { columns }),
      () => csv(new Response(text), { columns }),
      () => csv(new Response(gzipSync(text)), { columns }),
      () => csv(new Blob([text]).stream(), { columns }),
      () => csv(pieces(), { columns }),
    ];
    for (const source of sources) {
      const numbers = await read(source());
      expect(numbers.length).withContext(String(source)).toBe(100_000);
      expect(numbers.slice(0, 12)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    }
  });

  it('is read by the other readers, too', async () => {
    const labels = join(folder, 'labels.idx');
    expect(Array.from((await loadIdx(labels)).values as Uint8Array)).toEqual([7, 1]);
    expect(await lastValueFrom(idx(createReadStream(labels)).pipe(toArray()))).toEqual([7, 1]);
    expect(
      await lastValueFrom(idx({ y: new Response(Uint8Array.of(0, 0, 8, 1, 0, 0, 0, 1, 5)) }).pipe(toArray())),
    ).toEqual([{ y: 5 }]);
    const pieces = await lastValueFrom(fileBytes(`${path}.gz`).pipe(toArray()));
    expect(new TextDecoder().decode(Buffer.concat(pieces))).toBe(text);
    const json = join(folder, 'rows.jsonl');
    await writeFile(json, '{"x": 1}\n{"x": 2}\n');
    expect(await read(jsonLines(json, { columns }))).toEqual([1, 2]);
    const chunks = await lastValueFrom(dl.fromReadable(createReadStream(labels)).pipe(toArray()));
    expect(Buffer.concat(chunks as Uint8Array[]).length).toBe(10);
    const ofBlob: Observable<Uint8Array> = dl.fromReadable(new Blob(['ab']));
    const ofResponse: Observable<Uint8Array> = dl.fromReadable(new Response('ab'));
    for (const each of [ofBlob, ofResponse])
      expect(await lastValueFrom(each.pipe(map((chunk) => Array.from(chunk))))).toEqual([97, 98]);
  });

  it('is closed when it is left, read to its end, or broken', async () => {
    const { getActiveResourcesInfo } = process;
    const before = getActiveResourcesInfo().length;
    for (let i = 0; i < 5; i++) await lastValueFrom(csv(path, { columns }).pipe(take(3)));
    await lastValueFrom(csv(path, { columns }));
    const iterator = createReadStream(path);
    await lastValueFrom(csv(iterator, { columns }).pipe(take(1)));
    const open = (): number => getActiveResourcesInfo().length - before;
    await until(() => iterator.destroyed && open() <= 1);
    expect(iterator.destroyed).toBeTrue();
    expect(open()).toBeLessThanOrEqual(1);
  });

  it('that is missing, a folder, or a stream that was read, is an error that names it', async () => {
    await expectAsync(read(csv(join(folder, 'gone.csv'), { columns }))).toBeRejectedWithError(
      /^csv: .*gone\.csv could not be opened: Error: ENOENT/,
    );
    await expectAsync(read(csv(folder, { columns }))).toBeRejectedWithError(
      /^csv: .* could not be read to its end: Error: EISDIR/,
    );
    const response = new Response('x\n1\n');
    await response.text();
    await expectAsync(read(csv(response, { columns }))).toBeRejectedWithError(
      /a response that has been read/,
    );
    await expectAsync(read(csv(new Response('', { status: 500 }), { columns }))).toBeRejectedWithError(
      /a response with the status 500; wanted one with 200/,
    );
    await expectAsync(read(csv(3 as unknown as string, { columns }))).toBeRejectedWithError(
      /^csv: argument 'source' is 3; wanted an address/,
    );
    const texts = createReadStream(path, { encoding: 'utf8' });
    await expectAsync(read(csv(texts, { columns }))).toBeRejectedWithError(/a chunk of the stream is text/);
  });

  it('says what to do where Node cannot give its file system', async () => {
    const { getBuiltinModule } = process;
    Object.assign(process, { getBuiltinModule: undefined });
    try {
      await expectAsync(read(csv(path, { columns }))).toBeRejectedWithError(
        /createReadStream\(path\) of 'node:fs'/,
      );
    } finally {
      Object.assign(process, { getBuiltinModule });
    }
  });
});
