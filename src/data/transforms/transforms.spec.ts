import * as dl from 'rxtensor';
import {
  classWeights,
  cyclic,
  dates,
  fit,
  hashing,
  impute,
  minMax,
  oneHotColumns,
  robust,
  standardise,
  transform,
  transformRow,
  vocabulary,
  type Step,
} from 'rxtensor/data';
import { csv } from 'rxtensor/files';
import { from, lastValueFrom, map, of, switchMap, toArray, type Observable } from 'rxjs';
import known from '../../../test/support/scikit-learn/values.json';
import { decodeCheckpoint } from '../../streams/checkpoints/format';
import { hashOf } from './hash';

const all = <T>(rows: Observable<T>): Promise<T[]> => lastValueFrom(rows.pipe(toArray()));

const { columns, words } = known;
const plain = columns.rows.map(([a, b]) => ({ a: a ?? NaN, b: b ?? NaN }));
const file = new Blob([`a,b\n${columns.rows.map(([a, b]) => `${a ?? ''},${b ?? ''}\n`).join('')}`]);
const inBlocks = csv(file, { columns: { a: 'float32', b: 'float32' }, missing: [''] });

async function prepared(
  rows: Observable<object>,
  steps: readonly Step[],
): Promise<readonly Record<string, number>[]> {
  const fitted = await lastValueFrom(rows.pipe(fit(steps)));
  // What JSON keeps is the same preparation.
  const again = JSON.parse(JSON.stringify(fitted)) as readonly Step[];
  return lastValueFrom(rows.pipe(transform(again), toArray()));
}

describe('Steps give the values of scikit-learn:', () => {
  const names = ['a', 'b'];
  const cases: Readonly<
    Record<string, readonly [steps: readonly Step[], wanted: readonly (readonly (number | null)[])[]]>
  > = {
    'the mean for missing values': [[impute(names, { with: 'mean' })], columns.mean],
    'the median': [[impute(names)], columns.median],
    'a constant': [[impute(names, { with: 'constant', value: -1 })], columns.constant],
    standardise: [[standardise(names)], columns.standardise],
    minMax: [[minMax(names, { range: [-1, 2] })], columns.minMax],
    robust: [[robust(names)], columns.robust],
    'the median, then standardise': [[impute(names), standardise(names)], columns.imputedThenStandardised],
  };
  for (const [name, [steps, wanted]] of Object.entries(cases)) {
    it(`${name}, of rows and of blocks, and of one row`, async () => {
      for (const rows of [from(plain), inBlocks]) {
        const found = await prepared(rows, steps);
        expect(found.length).toBe(wanted.length);
        found.forEach(({ a, b }, i) => {
          [a, b].forEach((value, column) => {
            const other = wanted[i]![column];
            if (other === null) expect(value).toBeNaN();
            else
              expect(Math.abs(value! - other!))
                .withContext(`row ${i}`)
                .toBeLessThan(1e-5 * Math.max(1, Math.abs(other!)));
          });
        });
      }
      const fitted = await lastValueFrom(inBlocks.pipe(fit(steps)));
      const [first] = await lastValueFrom(from(plain.slice(1, 2)).pipe(transform(fitted), toArray()));
      expect(transformRow(fitted, plain[1]!)).toEqual(first!);
    });
  }

  it('vocabularies and one-hot columns', async () => {
    const rows = from(words.cities.map((city) => ({ city })));
    expect((await prepared(rows, [vocabulary('city')])).map(({ city }) => city)).toEqual(words.ordinal);
    const hot = await prepared(rows, [oneHotColumns('city')]);
    expect(Object.keys(hot[0]!)).toEqual(words.categories.map((city) => `city=${city}`));
    expect(hot.map((row) => Object.values(row))).toEqual(words.oneHot);
  });

  it('MurmurHash3', () => {
    for (const [word, seed, hash] of words.hashed)
      expect(hashOf(word as string, seed as number)).toBe(hash as number);
  });
});

describe('Steps', () => {
  it('take known values in place of a fit, and unknown categories', () => {
    expect(transformRow([standardise('x', { mean: [10], scale: [2] })], { x: 12, y: 'as it is' })).toEqual({
      x: 1,
      y: 'as it is',
    } as never);
    expect(transformRow([vocabulary('c', { words: ['a', 'b'] })], { c: 'z' })).toEqual({ c: 2 });
    expect(transformRow([oneHotColumns('c', { words: [1, 2] })], { c: 3 })).toEqual({ 'c=1': 0, 'c=2': 0 });
    expect(transformRow([hashing('c', 8)], { c: 'ann' })).toEqual({ c: hashOf('ann') % 8 });
    expect(transformRow([impute('c', { with: 'constant', value: '?' })], { c: '' })).toEqual({
      c: '?',
    } as never);
    // Equal values have no spread.
    expect(transformRow([minMax('x', { least: [3], most: [3] })], { x: 3 })).toEqual({ x: 0 });
  });

  it('take dates apart, and put what goes round on a circle', () => {
    const steps = [
      dates('at', ['year', 'month', 'day', 'weekday', 'dayOfYear', 'hour', 'minute']),
      cyclic('at.hour', 24),
    ];
    const wanted = {
      'at.year': 2024,
      'at.month': 12,
      'at.day': 31,
      'at.weekday': 1,
      'at.dayOfYear': 366,
      'at.minute': 30,
    };
    for (const at of ['2024-12-31T06:30:00Z', Date.UTC(2024, 11, 31, 6, 30) / 1000]) {
      const { 'at.hour.sin': sin, 'at.hour.cos': cos, ...rest } = transformRow(steps, { at });
      expect(rest).toEqual(wanted);
      expect(sin).toBeCloseTo(Math.sin((2 * Math.PI * 6.5) / 24), 6);
      expect(cos).toBeCloseTo(Math.cos((2 * Math.PI * 6.5) / 24), 6);
    }
    expect(() => transformRow(steps, { at: 'soon' })).toThrowError(
      /the column 'at' has "soon"; wanted a date/,
    );
  });

  it('pass blocks on: shuffled, batched and typed like rows one by one', async () => {
    const steps = [
      impute(['a', 'b'], { with: 'constant', value: 0 }),
      standardise(['a'], { mean: [1], scale: [3] }),
    ];
    const read = (rows: Observable<object>): Promise<unknown[]> =>
      lastValueFrom(
        rows.pipe(transform(steps), dl.shuffle(8, { seed: 1 }), dl.batch(7), dl.download(), toArray()),
      );
    expect(await read(inBlocks)).toEqual(await read(inBlocks.pipe(map((row) => row))));
    const [{ id }] = (await lastValueFrom(
      csv(new Blob(['c\nb\na\n']), { columns: { c: 'string' } }).pipe(
        transform([vocabulary('c', { words: ['a', 'b'] })]),
        map((row) => ({ id: row.c! })),
        dl.batch(2),
        dl.download(),
        toArray(),
      ),
    )) as [{ id: unknown }];
    expect(Array.from(id as Float32Array)).toEqual([1, 0]);
  });

  it('are refused at once when they are not fitted, or come from a file that is wrong', () => {
    expect(() => transform([standardise('x')])).toThrowError(
      /step 1 \(standardise of x\) is not fitted; wanted steps that fit\(\) gives/,
    );
    const wrong: readonly [unknown, RegExp][] = [
      [3, /argument 'steps' is 3; wanted a list of steps/],
      [[{ kind: 'toString' }], /step 1 is of the kind 'toString'; wanted impute/],
      [[{ kind: 'standardise', columns: [], options: {} }], /has columns \[\]/],
      [
        [{ kind: 'standardise', columns: ['x'], options: {}, fitted: { mean: [1] } }],
        /has the list 'scale' as undefined; wanted 1 finite numbers/,
      ],
      [
        [{ kind: 'oneHotColumns', columns: ['x'], options: {}, fitted: { words: [1] } }],
        /has the list 'words' as/,
      ],
    ];
    for (const [steps, message] of wrong) expect(() => transform(steps as Step[])).toThrowError(message);
    expect(() => standardise([] as string[])).toThrowError(/argument 'columns' is \[\]/);
    expect(() => standardise('x', { mean: [1, 2], scale: [1] })).toThrowError(
      /option 'mean' is \[1,2\]; wanted 1 finite numbers/,
    );
    expect(() => impute('x', { with: 'mode' as 'mean' })).toThrowError(/option 'with' is 'mode'/);
    expect(() => minMax('x', { range: [1, 0] })).toThrowError(/option 'range' is \[1,0\]/);
    expect(() => hashing('x', 0)).toThrowError(/argument 'buckets' is 0/);
    expect(() => dates('x', ['century' as 'year'])).toThrowError(
      /argument 'parts' is \['century'\]; wanted some of year/,
    );
    expect(() => cyclic('x', 0)).toThrowError(/argument 'period' is 0/);
  });

  it('are kept in a checkpoint of the run, and prepare as before when it goes on, and at inference', async () => {
    const table = new Blob(['x,city,y\n1,Oslo,2\n2,Bern,4\n3,Oslo,6\n4,Rome,8\n5,Oslo,10\n6,Bern,12\n']);
    const types = { x: 'float32', city: 'string', y: 'float32' } as const;
    const recipe = [standardise('x'), vocabulary('city'), minMax('y')];
    const store = dl.memoryStore();
    let fits = 0;
    /** A run that fits its steps only where no checkpoint has them. */
    const life = async (steps: number): Promise<{ losses: number[]; prepared: readonly Step[] }> => {
      const slope = dl.tidy(() => dl.variable(dl.scalar(0.5), true, 'slope'));
      const adam = dl.train.adam(0.1);
      const losses: number[] = [];
      let prepared: readonly Step[] = [];
      await new Promise<void>((resolve, reject) => {
        const running = dl
          .resume(store, adam, ({ position, kept }) => {
            const fitted$ = kept?.steps
              ? of(kept.steps as readonly Step[])
              : csv(table, { columns: types }).pipe(fit(recipe));
            if (!kept?.steps) fits++;
            return fitted$.pipe(
              switchMap((fitted) => {
                prepared = fitted;
                return csv(table, { columns: types, startAt: position, epochs: 4 }).pipe(
                  transform<{ x: number; y: number }>(fitted),
                  map(({ x, y }) => ({ x, y })),
                  dl.batch(2),
                  dl.trainStep(adam, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
                  dl.checkpoint({ every: 1, store, keep: { steps: fitted } }),
                  dl.download(),
                );
              }),
            );
          })
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
      return { losses, prepared };
    };
    const first = await life(4);
    const second = await life(Infinity);
    expect(fits).toBe(1);
    expect(second.prepared).toEqual(first.prepared);
    expect(second.losses.length).toBeGreaterThan(3);
    const row = { x: 2, city: 'Rome', y: 4 };
    const { steps } = JSON.parse(decodeCheckpoint((await store.load())!, 'the store').header.kept!) as {
      steps: Step[];
    };
    expect(transformRow(steps, row)).toEqual(transformRow(first.prepared, row));
  });

  it('write over no other column', async () => {
    const file = (header: string): Observable<object> =>
      csv(new Blob([`${header},label\n70,a\n80,b\n`]), { columns: { [header]: 'float32', label: 'string' } });
    const weights = (into?: string): Step =>
      classWeights('label', { counts: { a: 1, b: 1 }, ...(into !== undefined && { into }) });
    for (const [column, step, message] of [
      [
        'weight',
        weights(),
        "classWeights: there is a column 'weight' already; wanted another name for one of them",
      ],
      [
        'label=a',
        oneHotColumns('label', { words: ['a', 'b'] }),
        "oneHotColumns: there is a column 'label=a' already; wanted another name for one of them",
      ],
    ] as const)
      await expectAsync(all(file(column).pipe(transform([step])))).toBeRejectedWithError(message);
    expect(await all(file('weight').pipe(transform<object>([weights('importance')])))).toEqual([
      { weight: 70, label: 'a', importance: 1 },
      { weight: 80, label: 'b', importance: 1 },
    ]);
    expect(() => transformRow([weights('label')], { label: 'a' })).toThrowError(
      /there is a column 'label' already/,
    );
    expect(() => transformRow([cyclic('x', 4)], { x: 1, 'x.cos': 2 })).toThrowError(
      "cyclic: there is a column 'x.cos' already; wanted another name for one of them",
    );
    expect(() => transformRow([dates('at', ['day'])], { at: '2026-01-05', 'at.day': 2 })).toThrowError(
      /^dates: there is a column 'at.day' already/,
    );
  });

  it('say what is wrong with rows, as error notifications', async () => {
    const step = standardise('x', { mean: [0], scale: [1] });
    await expectAsync(lastValueFrom(from([{ y: 1 }]).pipe(transform([step])))).toBeRejectedWithError(
      "standardise: there is no column 'x'; found 'y'",
    );
    await expectAsync(lastValueFrom(from([{ x: 'a' }]).pipe(transform([step])))).toBeRejectedWithError(
      /the column 'x' is text; wanted numbers/,
    );
    await expectAsync(lastValueFrom(from([{ x: [1] }]).pipe(transform([step])))).toBeRejectedWithError(
      /the column 'x' of the row is \[1\]/,
    );
    await expectAsync(lastValueFrom(from([{ x: NaN }]).pipe(fit([standardise('x')])))).toBeRejectedWithError(
      /has no value to learn from/,
    );
    await expectAsync(
      lastValueFrom(from([] as object[]).pipe(fit([standardise('x')]))),
    ).toBeRejectedWithError(/fit: there are no rows/);
    await expectAsync(
      lastValueFrom(from([{ x: 'a' }, { x: 'b' }]).pipe(fit([oneHotColumns('x', { most: 1 })]))),
    ).toBeRejectedWithError(/has more than 1 different values/);
  });
});
