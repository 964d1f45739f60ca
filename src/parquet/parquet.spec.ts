import { parquetWriteBuffer } from 'hyparquet-writer';
import * as dl from 'rxtensor';
import { parquet } from 'rxtensor/parquet';
import { lastValueFrom, toArray, type Observable } from 'rxjs';
import { parquetFixture, type ParquetFixture } from '../../test/support/parquet-fixtures';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));

/** A file of rows in several groups and pages. */
function written(rows: number, rowGroupSize = 30, pageSize = 100): Blob {
  const of = <T>(f: (i: number) => T): T[] => Array.from({ length: rows }, (_, i) => f(i));
  return new Blob([
    parquetWriteBuffer({
      rowGroupSize,
      pageSize,
      columnData: [
        { name: 'x', data: of((i) => i / 8), type: 'DOUBLE' },
        { name: 'id', data: of((i) => BigInt(i) * 3n), type: 'INT64' },
        { name: 'label', data: of((i) => i % 4), type: 'INT32' },
        { name: 'ok', data: of((i) => i % 2 === 0), type: 'BOOLEAN' },
        { name: 'city', data: of((i) => ['Bern', 'Oslo', 'Rome'][i % 3]), type: 'STRING' },
      ],
    }),
  ]);
}

const columns = { label: 'int32', x: 'float32' } as const;

/** Row i of the files of Arrow; null for a value that is missing. */
function arrowRow(i: number, hasNulls: boolean): Record<string, unknown> {
  if (hasNulls && i % 5 === 0)
    return { x: NaN, half: NaN, id: '', small: NaN, city: '', when: '', price: NaN };
  return {
    x: i / 4,
    half: i / 2,
    id: String(i * 1000003 - 7),
    small: (i % 3) - 1,
    city: ['Bern', 'Oslo', 'Rome'][i % 3],
    when: new Date(Date.UTC(2026, 0, 1, i)).toISOString(),
    price: i / 4,
  };
}

describe('parquet', () => {
  it('reads all columns of a file, with types by what they are', async () => {
    const rows = await all(parquet(written(100)));
    expect(rows.length).toBe(100);
    expect(rows[0]).toEqual({ x: 0, id: 0, label: 0, ok: true, city: 'Bern' });
    expect(rows[77]).toEqual({ x: 77 / 8, id: 231, label: 1, ok: false, city: 'Rome' });
  });

  it('reads the wanted columns, in their order, with the wanted types', async () => {
    const rows = await all(
      parquet(written(70), { columns: { city: 'string', id: 'string', label: 'float32', ok: 'bool' } }),
    );
    expect(Object.keys(rows[0]!)).toEqual(['city', 'id', 'label', 'ok']);
    expect(rows[69]).toEqual({ city: 'Bern', id: '207', label: 1, ok: false });
    const batches = await all(
      parquet(written(70), { columns: { ...columns, ok: 'bool' } }).pipe(
        dl.batch(64),
        dl.mapTensor(({ label, x, ok }) => [label.dtype, x.dtype, ok.dtype, label.shape[0]]),
      ),
    );
    expect(batches).toEqual([
      ['int32', 'float32', 'bool', 64],
      ['int32', 'float32', 'bool', 6],
    ]);
  });

  const arrow: readonly ParquetFixture[] = [
    'nulls, first version',
    'nulls, second version',
    'required, plain',
    'split and deltas',
  ];
  for (const name of arrow)
    it(`reads what Arrow writes: ${name}`, async () => {
      const file = await parquetFixture(name);
      const rows = await all(
        parquet(file, {
          missing: true,
          columns: {
            ...{ x: 'float32', half: 'float32', id: 'string', small: 'float32' },
            ...{ city: 'string', when: 'string', price: 'float32' },
          },
        }),
      );
      expect(rows).toEqual(
        Array.from({ length: 40 }, (_, i) => arrowRow(i, name !== 'required, plain') as never),
      );
    });

  it('takes what decompresses other codecs as an option', async () => {
    const file = await parquetFixture('gzip');
    await expectAsync(all(parquet(file, { columns: { city: 'string' } }))).toBeRejectedWithError(
      /^parquet: the data, row group 1, column 'city': it is compressed with GZIP; give the option 'compressors'/,
    );
    const asked: number[] = [];
    await expectAsync(
      all(
        parquet(file, {
          columns: { city: 'string' },
          compressors: {
            GZIP: (_, size) => {
              asked.push(size);
              return new Uint8Array(size);
            },
          },
        }),
      ),
    ).toBeRejected();
    expect(asked.length).toBeGreaterThan(0);
  });

  it('refuses nulls unless they may be missing, with the row', async () => {
    const file = await parquetFixture('nulls, second version');
    await expectAsync(all(parquet(file, { columns: { x: 'float32' } }))).toBeRejectedWithError(
      "parquet: the data, row group 1, column 'x': row 1: found null; wanted a number up to 3.4e38 (float32), or the option 'missing'",
    );
    await expectAsync(
      all(parquet(file, { columns: { small: 'int32' }, missing: true })),
    ).toBeRejectedWithError(/column 'small': row 1: found null; wanted an integer/);
  });

  it('refuses a value that does not fit, after the rows before it', async () => {
    const file = new Blob([
      parquetWriteBuffer({
        columnData: [
          { name: 'big', data: [1n, 2n, 3_000_000_000n, 4n], type: 'INT64' },
          { name: 'y', data: [1, 2, 3, 4], type: 'DOUBLE' },
        ],
      }),
    ]);
    const seen: unknown[] = [];
    await expectAsync(parquet(file).forEach((row) => void seen.push(row))).toBeRejectedWithError(
      /column 'big': row 3: found 3000000000; wanted an integer from -2147483648 .* or string/,
    );
    expect(seen).toEqual([
      { big: 1, y: 1 },
      { big: 2, y: 2 },
    ]);
    expect(await all(parquet(file, { columns: { big: 'string' } }))).toContain({ big: '3000000000' });
  });

  it('refuses numbers that float32 would make infinite, after the rows before', async () => {
    const written = (data: number[]): Blob =>
      new Blob([parquetWriteBuffer({ columnData: [{ name: 'y', data, type: 'DOUBLE' }] })]);
    const seen: unknown[] = [];
    await expectAsync(
      parquet(written([1, 3.4e38, -1e39, 4]), { columns: { y: 'float32' } }).forEach(({ y }) => seen.push(y)),
    ).toBeRejectedWithError(/column 'y': row 3: found -1e\+39; wanted a number up to 3.4e38 \(float32\)/);
    expect(seen).toEqual([1, Math.fround(3.4e38)]);
    const infinite = await all(parquet(written([Infinity, NaN, -Infinity]), { columns: { y: 'float32' } }));
    expect(infinite).toEqual([{ y: Infinity }, { y: NaN }, { y: -Infinity }]);
  });

  it('refuses columns that are not there, cannot have the type, or are nested', async () => {
    const refused = (columns: object, message: RegExp): PromiseLike<void> =>
      expectAsync(all(parquet(written(3), { columns } as never))).toBeRejectedWithError(message);
    await refused(
      { y: 'float32' },
      /^parquet: the data has no column 'y': found 'x', 'id', 'label', 'ok', 'city'$/,
    );
    await refused({ city: 'int32' }, /column 'city' has text; wanted int32, which can be string$/);
    await refused({ x: 'int32' }, /column 'x' has numbers; wanted int32, which can be float32$/);
    const nested = await parquetFixture('nested');
    await expectAsync(all(parquet(nested))).toBeRejectedWithError(
      "parquet: the data: column 'tags' has nested values, which are not read; give 'columns' without it",
    );
    expect(await all(parquet(nested, { columns: { x: 'float32' } }))).toEqual([{ x: 1 }, { x: 2 }]);
  });

  it('begins anywhere, in any epoch', async () => {
    const file = written(95);
    const labels = async (options: object): Promise<unknown[]> =>
      (await all(parquet(file, { columns: { id: 'int32' }, ...options }))).map(({ id }) => id / 3);
    const rows = Array.from({ length: 95 }, (_, i) => i);
    for (const startAt of [0, 1, 29, 30, 31, 59, 60, 94, 95, 96, 100, 189, 190, 500]) {
      expect(await labels({ startAt })).toEqual(rows.slice(startAt));
      expect(await labels({ startAt, epochs: 2 })).toEqual([...rows, ...rows].slice(startAt));
    }
  });

  it('gives batches the same rows in blocks as one by one', async () => {
    const file = written(200, 64, 90);
    const blocks = await all(
      parquet(file, { columns }).pipe(
        dl.shuffle(50, { seed: 2 }),
        dl.batch(32),
        dl.mapTensor(({ x }) => x),
        dl.download(),
      ),
    );
    const single = await all(
      parquet(file, { columns }).pipe(
        dl.mapTensor((row) => row),
        dl.shuffle(50, { seed: 2 }),
        dl.batch(32),
        dl.mapTensor(({ x }) => x),
        dl.download(),
      ),
    );
    expect(blocks).toEqual(single);
    expect(blocks.length).toBe(7);
  });

  it('knows its place', async () => {
    const seen = await all(parquet(written(100), { columns, epochs: 2 }).pipe(dl.batch(50), dl.progress()));
    expect(seen.map(({ fraction }) => fraction)).toEqual([0.25, 0.5, 0.75, 1]);
    expect(seen.map(({ epoch }) => epoch)).toEqual([1, 1, 2, 2]);
  });

  it('resumes from a checkpoint with the same losses', async () => {
    const file = written(120);
    const life = async (store: dl.CheckpointStore, steps: number): Promise<number[]> => {
      const slope = dl.tidy(() => dl.variable(dl.scalar(0.5), true, 'slope'));
      const adam = dl.train.adam(0.1);
      const losses: number[] = [];
      await new Promise<void>((resolve, reject) => {
        const running = dl
          .resume(store, adam, ({ position }) =>
            parquet(file, { columns, startAt: position }).pipe(
              dl.shuffle(20, { seed: 4 }),
              dl.batch(8),
              dl.trainStep(adam, ({ x, label }) =>
                dl.losses.meanSquaredError(label.cast('float32'), slope.mul(x)),
              ),
              dl.checkpoint({ every: 1, store }),
              dl.download(),
            ),
          )
          .subscribe({
            next: (loss) => {
              losses.push(loss);
              if (losses.length === steps) {
                running.unsubscribe();
                setTimeout(resolve);
              }
            },
            error: reject,
            complete: resolve,
          });
      });
      slope.dispose();
      adam.dispose();
      return losses;
    };
    const whole = await life(dl.memoryStore(), Infinity);
    expect(whole.length).toBe(15);
    const store = dl.memoryStore();
    const before = await life(store, 6);
    const after = await life(store, Infinity);
    expect(after.length).toBeGreaterThan(0);
    expect(whole.slice(-after.length)).toEqual(after);
    expect(whole.slice(0, 6)).toEqual(before);
    expect(after.length).toBeGreaterThanOrEqual(9);
  });

  it('has the types of its columns', () => {
    const rows: Observable<{ label: number; x: number }> = parquet(new Blob(), { columns });
    const some: Observable<Record<string, number | boolean | string>> = parquet(new Blob());
    expect([rows, some].length).toBe(2);
  });

  it('refuses wrong options', () => {
    expect(() => parquet('rows.parquet', { columns: { x: 'float' } as never })).toThrowError(
      "parquet: option 'columns' has the type 'float' for 'x'; wanted float32, int32, bool, string",
    );
    expect(() => parquet('rows.parquet', { compressors: { GZIP: 1 } as never })).toThrowError(
      /^parquet: option 'compressors' is .*; wanted functions by the names of codecs$/,
    );
    expect(() => parquet(new Response(), { epochs: 2 })).toThrowError(
      /^parquet: option 'epochs' is 2 for a stream/,
    );
  });
});
