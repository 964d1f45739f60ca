import * as dl from 'rxtensor';
import {
  balanced,
  classWeights,
  fit,
  partOf,
  splitRows,
  timeWindows,
  transform,
  transformRow,
  type Step,
} from 'rxtensor/data';
import { csv } from 'rxtensor/files';
import { from, lastValueFrom, map, toArray, type Observable } from 'rxjs';
import known from '../../../test/support/scikit-learn/values.json';

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));
const shares = { train: 0.8, validation: 0.1, test: 0.1 };

interface Row {
  readonly id: number;
  readonly x: number;
}
const tableOf = (ids: readonly number[]): Blob =>
  new Blob([`id,x\n${ids.map((id) => `${id},${(id * 7) % 11}\n`).join('')}`]);
const rowsOf = (ids: readonly number[], options: object = {}): Observable<Row> =>
  csv(tableOf(ids), { columns: { id: 'int32', x: 'float32' }, ...options });
const idsOf = (rows: Observable<Row>): Promise<number[]> => all(rows.pipe(map(({ id }) => id)));
const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

describe('splitRows', () => {
  it('gives each row to one part, of about its share, the same in blocks, one by one and by partOf', async () => {
    const ids = numbers(20_000);
    const inBlocks = splitRows(rowsOf(ids), shares, { by: 'id' });
    const single = splitRows(from(ids.map((id) => ({ id, x: 0 }))), shares, { by: 'id' });
    const part = partOf(shares, { by: 'id' });
    const seen = new Set<number>();
    for (const [name, share] of Object.entries(shares) as ['train' | 'test', number][]) {
      const found = await idsOf(inBlocks[name]);
      expect(found).toEqual(await idsOf(single[name]));
      expect(found.every((id) => part({ id }) === name)).toBeTrue();
      for (const id of found) seen.add(id);
      // Four standard deviations.
      const spread = Math.sqrt(share * (1 - share) * ids.length);
      expect(Math.abs(found.length - share * ids.length)).toBeLessThan(4 * spread);
    }
    expect(seen.size).toBe(ids.length);
  });

  it('keeps each row where it is when rows are added, left out and reordered', async () => {
    const ids = numbers(500);
    const before = new Set(await idsOf(splitRows(rowsOf(ids), shares, { by: 'id' }).test));
    const others = [...numbers(2000).reverse(), -4, -9].filter((id) => id % 3 !== 0);
    const after = new Set(await idsOf(splitRows(rowsOf(others), shares, { by: 'id' }).test));
    for (const id of others.filter((each) => each >= 0 && each < 500))
      expect(after.has(id)).toBe(before.has(id));
    const whole = new Set(await idsOf(splitRows(rowsOf(ids), shares).test));
    const wholeLater = new Set(await idsOf(splitRows(rowsOf(others), shares).test));
    for (const id of others.filter((each) => each >= 0 && each < 500))
      expect(wholeLater.has(id)).toBe(whole.has(id));
  });

  it('keeps rows with one key together, also by a function and by several columns', async () => {
    const rows = from(numbers(300).map((i) => ({ user: `u${i % 30}`, day: i % 7, x: i })));
    for (const by of ['user', ({ user }: { user: string }) => user] as const) {
      const { train, test } = splitRows(rows, { train: 0.7, test: 0.3 }, { by });
      const users = new Set((await all(train)).map(({ user }) => user));
      expect(users.size).toBeGreaterThan(10);
      expect((await all(test)).every(({ user }) => !users.has(user))).toBeTrue();
    }
    const both = partOf({ a: 0.5, b: 0.5 }, { by: ['user', 'day'] });
    expect(both({ user: '1', day: 23 })).toBe(both({ day: 23, user: '1', x: 4 }));
    const parts = numbers(40).map((i) => both({ user: `${i}`, day: 1 }));
    expect(new Set(parts).size).toBe(2);
  });

  it('refuses what a function gives that is no key', async () => {
    const rows = from([{ user: 'ann', x: 1 }]);
    // A name that is mistyped.
    const by = (row: object): string => (row as { usr: string }).usr;
    const message = "the function 'by' gave undefined for a row; wanted a text or a number";
    await expectAsync(all(splitRows(rows, { train: 0.7, test: 0.3 }, { by }).train)).toBeRejectedWithError(
      `splitRows: ${message}`,
    );
    expect(() => partOf({ a: 0.5, b: 0.5 }, { by })({ user: 'ann' })).toThrowError(`partOf: ${message}`);
    await expectAsync(all(rows.pipe(timeWindows({ time: 'x', size: 1, by })))).toBeRejectedWithError(
      `timeWindows: ${message}`,
    );
  });

  it('differs by its seed', async () => {
    const of = (seed: number): Promise<number[]> =>
      idsOf(splitRows(rowsOf(numbers(200)), shares, { by: 'id', seed }).train);
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
  });

  it('moves rows only from the next part when a share grows', () => {
    const before = partOf({ train: 0.6, test: 0.4 });
    const after = partOf({ train: 0.7, test: 0.3 });
    for (const id of numbers(500)) if (before({ id }) === 'train') expect(after({ id })).toBe('train');
  });

  it('goes on in blocks below shuffle and batch, and from any place', async () => {
    const ids = numbers(300);
    const train = (startAt: number): Observable<number> =>
      splitRows(rowsOf(ids, { startAt }), shares, { by: 'id' }).train.pipe(
        dl.shuffle(20, { seed: 3 }),
        dl.batch(16),
        dl.mapTensor(({ x }) => x.sum<dl.Scalar>()),
        dl.download(),
      );
    const whole = await all(train(0));
    expect(whole.length).toBeGreaterThan(12);
    expect(await all(train(64))).toEqual(whole.slice(4));
    const fractions = await all(
      splitRows(rowsOf(ids), shares, { by: 'id' }).train.pipe(dl.batch(64), dl.progress()),
    );
    expect(fractions.at(-1).fraction).toBe(1);
    expect(fractions[0]!.fraction).toBeLessThanOrEqual(1);
  });

  it('passes tensors on, and frees them', async () => {
    const rows = from(numbers(30)).pipe(dl.mapTensor((id) => ({ id, x: dl.tensor1d([id]) })));
    const sums = await all(
      splitRows(rows, { a: 0.5, b: 0.5 }, { by: ({ id }) => id }).a.pipe(
        dl.mapTensor(({ x }) => x.sum<dl.Scalar>()),
        dl.download(),
      ),
    );
    expect(sums.length).toBeGreaterThan(5);
    expect(sums.length).toBeLessThan(25);
    await expectAsync(all(splitRows(rows, { a: 0.5, b: 0.5 }).a)).toBeRejectedWithError(
      /^splitRows: the column 'x' of the row is a tensor; wanted a number, a boolean or a text, or a function as the option 'by'/,
    );
  });

  it('names a column that is not there', async () => {
    await expectAsync(idsOf(splitRows(rowsOf([1]), shares, { by: 'user' }).test)).toBeRejectedWithError(
      "splitRows: there is no column 'user'; found 'id', 'x'",
    );
    await expectAsync(all(splitRows(from([{ id: 1 }]), shares, { by: 'user' }).test)).toBeRejectedWithError(
      /^splitRows: the column 'user' of the row is undefined; wanted a number/,
    );
    await expectAsync(all(splitRows(from([[1]]), shares).test)).toBeRejectedWithError(
      /^splitRows: the value is .*; wanted a row/,
    );
  });
});

describe('classWeights', () => {
  const { labels, weights } = known.classes;
  const rows = labels.map((label, i) => ({ label, x: i }));
  const file = csv(new Blob([`label,x\n${labels.map((label, i) => `${label},${i}\n`).join('')}`]), {
    columns: { label: 'int32', x: 'float32' },
  });

  it('are those of scikit-learn, of rows and of blocks, and through JSON', async () => {
    for (const source of [from(rows), file] as Observable<object>[]) {
      const fitted = await lastValueFrom(source.pipe(fit([classWeights('label')])));
      const again = JSON.parse(JSON.stringify(fitted)) as readonly Step[];
      const found = await all(source.pipe(transform<{ label: number; weight: number }>(again)));
      expect(found.length).toBe(labels.length);
      for (const { label, weight } of found) expect(weight).toBeCloseTo(weights[label]!, 6);
      // A class that was not there, and a row without one.
      expect(transformRow(again, { label: 9 })).toEqual({ label: 9, weight: 1 });
      expect(transformRow(again, { x: 3 })).toEqual({ x: 3 });
    }
  });

  it('make a loss weigh all classes the same', async () => {
    const step = classWeights('label', { counts: { 0: 3, 1: 1 }, into: 'w' });
    const [loss] = await all(
      from([0, 0, 0, 1].map((label) => ({ label, guess: 0.5 }))).pipe(
        transform<{ label: number; guess: number; w: number }>([step]),
        dl.batch(4),
        dl.mapTensor(({ label, guess, w }) =>
          dl.losses.absoluteDifference(label, guess, w, dl.Reduction.SUM),
        ),
        dl.download(),
      ),
    );
    expect(loss).toBeCloseTo(0.5 * (3 * (2 / 3) + 2), 5);
  });

  it('leaves no part to shares that are texts', () => {
    for (const split of [
      () => partOf({ a: '0.5', b: '0.5' } as never),
      () => splitRows(from([{ x: 1 }]), { a: '0.5', b: '0.5' } as never),
    ])
      expect(split).toThrowError(/argument 'shares' is {"a":"0.5","b":"0.5"}; wanted shares above 0/);
  });

  it('refuses what a file may have in place of counts', () => {
    const step = classWeights('label', { counts: { a: 1 } });
    for (const counts of [['1'], [NaN], [0], [1, 1], [], 3])
      expect(() => transform([{ ...step, fitted: { words: ['a'], counts } as never }])).toThrowError(
        /step 1 \(classWeights\) has the list 'counts' as .*; wanted a positive integer for each word/,
      );
  });
});

describe('balanced', () => {
  const labelled = numbers(4000).map((i) => ({
    x: i,
    label: i % 20 === 0 ? 'rare' : i % 4 === 1 ? 'some' : 'much',
  }));
  const text = `x,label\n${labelled.map(({ x, label }) => `${x},${label}\n`).join('')}`;
  const table = (options: object = {}): Observable<{ x: number; label: string }> =>
    csv(new Blob([text]), { columns: { x: 'int32', label: 'string' }, ...options });
  const countsOf = (rows: readonly { label: string }[]): Record<string, number> => {
    const counts: Record<string, number> = {};
    for (const { label } of rows) counts[label] = (counts[label] ?? 0) + 1;
    return counts;
  };

  it('emits all classes about equally often, by the counts of all rows, in blocks as one by one', async () => {
    const steps = await lastValueFrom(table().pipe(fit([classWeights('label')])));
    const inBlocks = await all(table().pipe(balanced(steps[0]!, { seed: 1 })));
    expect(inBlocks).toEqual(await all(from(labelled).pipe(balanced(steps[0]!, { seed: 1 }))));
    const counts = countsOf(inBlocks);
    for (const count of Object.values(counts)) expect(Math.abs(count - 4000 / 3)).toBeLessThan(150);
    expect(Object.keys(counts).sort()).toEqual(['much', 'rare', 'some']);
    expect(await all(table().pipe(balanced(steps[0]!, { seed: 2 })))).not.toEqual(inBlocks);
  });

  it('counts classes as they come, when it is given a column', async () => {
    const found = countsOf(await all(from(labelled).pipe(balanced('label', { seed: 1 }))));
    for (const count of Object.values(found)) expect(Math.abs(count - 4000 / 3)).toBeLessThan(200);
    // The first row of a class that comes late.
    const late = [...numbers(900).map(() => ({ label: 0 })), { label: 1 }];
    const copies = async (options: object): Promise<number> =>
      (await all(from(late).pipe(balanced('label', { seed: 1, ...options })))).filter(
        ({ label }) => label === 1,
      ).length;
    expect(await copies({})).toBe(100);
    expect(await copies({ most: 7 })).toBe(7);
    expect(await copies({ most: Infinity })).toBeGreaterThan(449);
  });

  it('begins anywhere with the same rows', async () => {
    const rows = (startAt: number): Observable<number> =>
      table({ startAt }).pipe(
        balanced('label', { seed: 5 }),
        map(({ x }) => x),
      );
    const whole = await all(table().pipe(balanced('label', { seed: 5 })));
    expect(whole.length).toBeGreaterThan(3000);
    const later = await all(table({ startAt: 1000 }).pipe(balanced('label', { seed: 5 })));
    expect(later).toEqual(whole.slice(1000));
    expect(await all(rows(0))).toEqual(whole.map(({ x }) => x));
  });

  it('resumes a training with the same losses', async () => {
    const life = async (store: dl.CheckpointStore, steps: number): Promise<number[]> => {
      const slope = dl.tidy(() => dl.variable(dl.scalar(0.5), true, 'slope'));
      const adam = dl.train.adam(0.1);
      const losses: number[] = [];
      await new Promise<void>((resolve, reject) => {
        const running = dl
          .resume(store, adam, ({ position }) =>
            csv(new Blob([text]), { columns: { x: 'float32', label: 'string' }, startAt: position }).pipe(
              balanced('label', { seed: 5 }),
              transform<{ x: number }>([classWeights('label', { counts: { rare: 1 } })]),
              map(({ x }) => ({ x: x / 4000 })),
              dl.batch(512),
              dl.trainStep(adam, ({ x }) => dl.losses.meanSquaredError(x, slope.mul(x))),
              dl.checkpoint({ every: 1, store }),
              dl.download(),
            ),
          )
          .subscribe({
            next: (loss) => {
              if (losses.push(loss) === steps) {
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
    const store = dl.memoryStore();
    await life(store, 3);
    const after = await life(store, Infinity);
    expect(after.length).toBeGreaterThan(2);
    expect(whole.slice(-after.length)).toEqual(after);
  });

  it('repeats rows with tensors, and frees them', async () => {
    const rows = from(numbers(40)).pipe(
      dl.mapTensor((i) => ({ label: i % 8 === 0 ? 1 : 0, x: dl.tensor1d([i]) })),
    );
    const found = await all(
      rows.pipe(
        balanced(classWeights('label', { counts: { 0: 35, 1: 5 } }), { seed: 1 }),
        dl.mapTensor(({ x }) => x.mul(2).sum<dl.Scalar>()),
        dl.download(),
      ),
    );
    const ones = found.filter((twice) => twice % 16 === 0).length;
    expect(ones).toBe(20);
    expect(found.length - ones).toBeGreaterThan(10);
  });

  it('tells at the first step that no run could continue without a seed or blocks', async () => {
    const refused = async (rows: Observable<{ x: number }>): Promise<string> => {
      const slope = dl.tidy(() => dl.variable(dl.scalar(0.5)));
      const adam = dl.train.adam(0.1);
      const message = await all(
        rows.pipe(
          map(({ x }) => ({ x })),
          dl.batch(2),
          dl.trainStep(adam, ({ x }) => slope.mul(x).sum()),
          dl.checkpoint({ every: 100, store: dl.memoryStore() }),
        ),
      ).then(() => '', String);
      slope.dispose();
      adam.dispose();
      return message;
    };
    expect(await refused(table().pipe(balanced('label')))).toContain("give it the option 'seed'");
    expect(
      await refused(
        table().pipe(
          dl.mapTensor((row) => row),
          balanced('label', { seed: 1 }),
        ),
      ),
    ).toContain('put balanced(…, {seed}) directly below csv()');
  });
});
