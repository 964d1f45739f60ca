/** A column keeps its data type, by whatever way its numbers come to be stacked. */
import * as dl from 'rxtensor';
import { csv, idx } from 'rxtensor/files';
import {
  concat,
  delay,
  filter,
  from,
  lastValueFrom,
  map,
  mergeMap,
  of,
  pipe,
  share,
  take,
  tap,
  toArray,
  type Observable,
  type OperatorFunction,
} from 'rxjs';
import { far } from '../../../test/support/far-side';

/** float32 has its neighbours, but not this. */
const ID = 16777217;
const int32 = Int32Array.of(ID, 0, -ID);

interface Row {
  readonly id: number;
}

/** An IDX file of 32-bit integers. */
function idxFile(values: Int32Array): Uint8Array {
  const bytes = new Uint8Array(8 + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0, 0, 0x0c, 1]);
  view.setInt32(4, values.length);
  values.forEach((value, i) => view.setInt32(8 + 4 * i, value));
  return bytes;
}

const table = new Blob([`id,x\n${ID},0\n0,1\n${-ID},2\n`]);

/** Sources of rows with an int32 `id`. */
const tables: Readonly<Record<string, () => Observable<Row>>> = {
  csv: () => csv(table, { columns: { id: 'int32', x: 'float32' } }),
  idx: () => idx({ id: idxFile(int32) }) as Observable<Row>,
  'examples of an Int32Array': () => dl.examples({ id: int32 }, { shuffle: true }),
  'examples of an array with a shape': () => dl.examples({ id: { values: int32, shape: [3] as const } }),
  'scalars that were downloaded': () =>
    dl.examples(Array.from(int32)).pipe(
      dl.mapTensor((id) => ({ id: dl.scalar(id, 'int32') })),
      dl.download(),
    ),
};

/** Ways that a row may go, of ours and of RxJS. */
const ways: Readonly<Record<string, OperatorFunction<Row, Row>>> = {
  'no operator': (source) => source,
  'filter, take, tap and share': pipe(
    filter(() => true),
    take(3),
    tap(() => undefined),
    share(),
  ),
  'delay, toArray and mergeMap': pipe(
    delay(1),
    toArray(),
    mergeMap((all) => all),
  ),
  shuffle: dl.shuffle(1, { seed: 1 }),
  'filter and shuffle': pipe(
    filter(() => true),
    dl.shuffle(2, { seed: 3 }),
  ),
  'across(delay)': dl.across(delay(1)),
  mapTensor: dl.mapTensor((row) => row),
  mapTensorAsync: dl.mapTensorAsync((row) => Promise.resolve(row)),
  scoped: dl.scoped(),
  download: dl.download(),
  'batch and unbatch': pipe(dl.batch<Row>(2), dl.unbatch()) as unknown as OperatorFunction<Row, Row>,
};

/** All ids of the batches, in order of their size, and their dtypes. */
async function stacked(stream: Observable<{ readonly id: dl.Tensor }>): Promise<unknown> {
  const ids: number[] = [];
  const dtypes = new Set<string>();
  await stream.forEach(({ id }) => {
    ids.push(...id.dataSync());
    dtypes.add(id.dtype);
  });
  return [ids.sort((a, b) => a - b), ...dtypes];
}

const shape = <T extends dl.Tensor>(stream: Observable<T>): Promise<unknown[]> =>
  lastValueFrom(
    stream.pipe(
      map((x) => [x.dtype, x.shape, ...x.dataSync()]),
      toArray(),
    ),
  );

describe('the data type of a column', () => {
  for (const [source, open] of Object.entries(tables)) {
    for (const [way, through] of Object.entries(ways)) {
      it(`is kept from ${source} by ${way}`, async () => {
        expect(await stacked(open().pipe(through, dl.batch(2)))).toEqual([[-ID, 0, ID], 'int32']);
      });
    }

    it(`is kept from ${source} in windows, and with a maxWait`, async () => {
      expect(await stacked(open().pipe(dl.slidingWindow(3)))).toEqual([[-ID, 0, ID], 'int32']);
      expect(await stacked(open().pipe(dl.batch(2, { maxWait: 1000 })))).toEqual([[-ID, 0, ID], 'int32']);
    });
  }

  it('crosses to a worker and back', async () => {
    const rows = dl
      .examples({ id: int32, deep: { y: new Uint8Array(3) } })
      .pipe(far<Row, { readonly id: number; readonly deep: { readonly y: number } }>('echo'));
    const [batch] = await lastValueFrom(
      rows.pipe(
        dl.batch(3),
        map(({ id, deep }) => [id.dtype, ...id.dataSync(), deep.y.dtype]),
        toArray(),
      ),
    );
    expect(batch).toEqual(['int32', ID, 0, -ID, 'int32']);
  });

  it('is that of a number that comes alone, where its source is right above', async () => {
    const sources: readonly Observable<number>[] = [
      dl.examples(int32),
      idx(idxFile(int32)) as Observable<number>,
      dl.examples({ values: int32, shape: [3] as const }),
      dl.examples(int32).pipe(
        dl.mapTensor((x) => dl.scalar(x, 'int32')),
        dl.download(),
      ),
    ];
    for (const source of sources) {
      expect(await shape(source.pipe(dl.batch(3)))).toEqual([['int32', [3], ID, 0, -ID]]);
      expect(await shape(source.pipe(dl.slidingWindow(3)))).toEqual([['int32', [3], ID, 0, -ID]]);
      const [[dtype, , ...ids]] = (await shape(source.pipe(dl.shuffle(3, { seed: 1 }), dl.batch(3)))) as [
        unknown[],
      ];
      expect([dtype, ids.sort()]).toEqual(['int32', [ID, 0, -ID].sort()]);
    }
  });

  it('is float32 for numbers of plain arrays, and for what a function computes', async () => {
    expect(await shape(dl.examples([1, 2]).pipe(dl.batch(2)))).toEqual([['float32', [2], 1, 2]]);
    const halves = dl.examples(Int32Array.of(0, 1)).pipe(
      map((x) => x / 2),
      dl.batch(2),
    );
    expect(await shape(halves)).toEqual([['float32', [2], 0, 0.5]]);
    const named = dl.examples({ id: Int32Array.of(0, 1) }).pipe(
      map(({ id }) => ({ id: id / 2 })),
      dl.batch(2),
      map(({ id }) => id),
    );
    expect(await shape(named)).toEqual([['float32', [2], 0, 0.5]]);
  });

  it('follows the arrays: bytes and integers are int32, booleans bool, reals float32, to any depth', async () => {
    const types: readonly (readonly [ArrayLike<number>, string])[] = [
      [Uint8Array.of(255, 1), 'int32'],
      [Uint8ClampedArray.of(255, 1), 'int32'],
      [Int8Array.of(-1, 1), 'int32'],
      [Int16Array.of(-1, 1), 'int32'],
      [Uint16Array.of(65535, 1), 'int32'],
      [Float32Array.of(0.5, 1), 'float32'],
      [Float64Array.of(0.5, 1), 'float32'],
    ];
    for (const [values, dtype] of types) {
      const column = values as Uint8Array;
      const deep = dl.examples({ a: { b: column } }).pipe(
        dl.batch(2),
        map(({ a }) => a.b),
      );
      expect(await shape(deep)).toEqual([[dtype, [2], ...Array.from(values)]]);
      expect(await shape(dl.examples(column).pipe(dl.batch(2)))).toEqual([
        [dtype, [2], ...Array.from(values)],
      ]);
      expect(await shape(from([column]).pipe(dl.batch<Uint8Array>(1)))).toEqual([
        [dtype, [1, 2], ...Array.from(values)],
      ]);
    }
    expect(await shape(dl.examples([true, false]).pipe(dl.batch(2)))).toEqual([['bool', [2], 1, 0]]);
    const flags = dl.examples({ is: [true, false] }).pipe(
      dl.shuffle(1, { seed: 2 }),
      dl.batch(2),
      map(({ is }) => is.dtype),
    );
    expect(await lastValueFrom(flags)).toBe('bool');
  });

  it('refuses arrays whose numbers no type has, instead of changing them', async () => {
    for (const [array, name] of [
      [new Uint32Array(1), 'a Uint32Array'],
      [new BigInt64Array(1), 'a BigInt64Array'],
    ] as const) {
      await expectAsync(lastValueFrom(of(array).pipe(dl.batch<unknown>(1)))).toBeRejectedWithError(
        `batch: the example is ${name}; wanted a number, a typed array, a tensor, or objects of those`,
      );
    }
  });

  it('changes no number in silence where rows of two sources meet', async () => {
    const plain = (id: number): Observable<Row> => of({ id });
    const two = (first: Observable<Row>, second: Observable<Row>): Promise<unknown> =>
      stacked(concat(first, second).pipe(dl.batch(4)));
    const typed = dl.examples({ id: int32 });
    expect(await two(typed, plain(7))).toEqual([[-ID, 0, 7, ID], 'int32']);
    await expectAsync(two(typed, plain(0.5))).toBeRejectedWithError(
      "batch: 'id' of the example is 0.5 (float32); wanted int32, as in the first example of the batch",
    );
    await expectAsync(two(plain(0.5), typed)).toBeRejectedWithError(
      `batch: 'id' of the example is ${ID} (int32); wanted float32, as in the first example of the batch`,
    );
    expect(await two(plain(0.5), dl.examples({ id: Int32Array.of(3) }))).toEqual([[0.5, 3], 'float32']);
  });

  it('is seen by nobody: rows are plain objects', async () => {
    const rows = await lastValueFrom(dl.examples({ id: int32 }).pipe(toArray()));
    expect(rows).toEqual([{ id: ID }, { id: 0 }, { id: -ID }]);
    expect(Reflect.ownKeys(rows[0]!)).toEqual(['id']);
    expect(structuredClone(rows[0])).toEqual({ id: ID });
  });
});
