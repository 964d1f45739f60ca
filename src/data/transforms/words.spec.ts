import * as dl from 'rxtensor';
import {
  balanced,
  classWeights,
  dates,
  fit,
  hashing,
  impute,
  minMax,
  oneHotColumns,
  partOf,
  robust,
  splitRows,
  standardise,
  timeWindows,
  transform,
  transformRow,
  vocabulary,
  type Step,
} from 'rxtensor/data';
import { csv, jsonLines } from 'rxtensor/files';
import { parquet } from 'rxtensor/parquet';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { filter, from, lastValueFrom, map, toArray, type Observable } from 'rxjs';
import { wordOf } from './words';

const all = <T>(rows: Observable<T>): Promise<T[]> => lastValueFrom(rows.pipe(toArray()));
const fitted = (rows: Observable<object>, ...steps: Step[]): Promise<readonly Step[]> =>
  lastValueFrom(rows.pipe(fit(steps)));

describe('Words of numbers', () => {
  const values = [0.1, 0.2, 0.1, 2.5, -1e-7, 123456.789, 3, 16777215];
  const text = values.join('\n');
  const columns = { x: 'float32' } as const;
  const sources: Readonly<Record<string, () => Observable<{ x: number }>>> = {
    csv: () => csv(new Blob([`x\n${text}\n`]), { columns }),
    jsonLines: () => jsonLines(new Blob([values.map((x) => `{"x": ${x}}\n`).join('')]), { columns }),
    parquet: () =>
      parquet(parquetWriteBuffer({ columnData: [{ name: 'x', data: values, type: 'DOUBLE' }] }), { columns }),
    'rows one by one of a file': () =>
      csv(new Blob([`x\n${text}\n`]), { columns }).pipe(map(({ x }) => ({ x }))),
  };

  for (const [source, open] of Object.entries(sources)) {
    it(`are those of plain rows where they come from ${source}`, async () => {
      const steps = await fitted(open(), vocabulary('x'));
      expect(steps[0]!.fitted!.words).toEqual(['-1e-7', '0.1', '0.2', '2.5', '3', '123456.79', '16777215']);
      expect(steps).toEqual(await fitted(from(values.map((x) => ({ x }))), vocabulary('x')));
      const [hot] = (await fitted(open(), oneHotColumns('x'))) as [Step];
      const [weighted] = (await fitted(open(), classWeights('x'))) as [Step];
      const part = partOf({ a: 0.5, b: 0.5 }, { by: 'x' });
      const whole = partOf({ a: 0.5, b: 0.5 });
      for (const step of [steps[0]!, hot, hashing('x', 1000), weighted]) {
        const inBlocks = await all(open().pipe(transform<Record<string, number>>([step])));
        values.forEach((x, i) => {
          const { x: _, ...single } = { ...transformRow([step], { x }) };
          const { x: __, ...block } = inBlocks[i]!;
          expect(single).withContext(`${step.kind} of ${x}`).toEqual(block);
          if (step.kind !== 'classWeights') expect(transformRow([step], { x })).toEqual(inBlocks[i]!);
        });
      }
      for (const [of, options] of [
        [part, { by: 'x' }],
        [whole, {}],
      ] as const) {
        const { a } = splitRows(open(), { a: 0.5, b: 0.5 }, options);
        const wanted = values.filter((x) => of({ x }) === 'a').map(Math.fround);
        expect((await all(a)).map(({ x }) => x)).toEqual(wanted);
      }
      const weightOf = (x: number): number => transformRow([weighted], { x }).weight!;
      expect(weightOf(0.1)).toBeLessThan(weightOf(0.2));
      expect((await all(open().pipe(balanced(weighted, { seed: 1 })))).length).toBeGreaterThan(4);
    });
  }

  it('are the shortest that float32 tells apart, and whole numbers are exact', () => {
    for (let i = 0; i < 2000; i++) {
      const short = (i * 7919) % 1_000_003;
      const decimal = Number(`${short}e-${i % 12}`);
      expect(wordOf(Math.fround(decimal)))
        .withContext(String(decimal))
        .toBe(wordOf(decimal));
      if (String(short).length <= 6 && decimal < 2 ** 24) expect(wordOf(decimal)).toBe(String(decimal));
      const close = Math.fround(i / 7);
      expect(Math.fround(Number(wordOf(close)))).toBe(close);
    }
    expect([1_234_567_891, 0, -0, NaN, Infinity, true, 'a'].map(wordOf)).toEqual([
      '1234567891',
      '0',
      '0',
      'NaN',
      'Infinity',
      'true',
      'a',
    ]);
  });

  it('of int32 and text columns are exact; of float32 columns that have rounded them they are refused', async () => {
    const file = new Blob(['id\n1234567891\n1234567890\n']);
    for (const type of ['int32', 'string'] as const) {
      const [step] = await fitted(csv(file, { columns: { id: type } }), vocabulary('id'));
      expect(step!.fitted!.words).toEqual(['1234567890', '1234567891']);
      expect(transformRow([step!], { id: 1234567891 })).toEqual({ id: 1 });
    }
    const rounded = csv(file, { columns: { id: 'float32' } });
    await expectAsync(fitted(rounded, vocabulary('id'))).toBeRejectedWithError(
      "vocabulary: the column 'id' is float32 and has 1234567936, which may have been rounded from another number; wanted numbers below 2²⁴ as a category or key, or a column of int32 or string",
    );
    await expectAsync(all(rounded.pipe(transform([hashing('id', 10)])))).toBeRejectedWithError(
      /^hashing: the column 'id' is float32/,
    );
    await expectAsync(all(splitRows(rounded, { a: 0.5, b: 0.5 }).a)).toBeRejectedWithError(
      /^splitRows: the column 'id' is float32 .*, or other columns as the option 'by'$/,
    );
  });
});

describe('Times in numbers', () => {
  const seconds = Date.UTC(2026, 0, 5, 22) / 1000;
  const wanted = { 'at.hour': 22, 'at.day': 5 };
  const step = dates('at', ['hour', 'day']);

  it('are exact in int32 and text columns, of csv and of JSON, and in plain rows', async () => {
    for (const type of ['int32', 'string'] as const)
      for (const rows of [
        csv(new Blob([`at\n${seconds}\n`]), { columns: { at: type } }),
        jsonLines(new Blob([`{"at": ${seconds}}\n`]), { columns: { at: type } }),
      ]) {
        expect(await all(rows.pipe(transform<object>([step])))).toEqual([wanted]);
        const windows = await all(rows.pipe(timeWindows({ time: 'at', size: 3600 })));
        expect(windows.map(({ start }) => start)).toEqual([seconds]);
      }
    expect(transformRow<object>([step], { at: seconds })).toEqual(wanted);
    expect(transformRow<object>([step], { at: `${seconds}.25` })).toEqual(wanted);
  });

  it('are refused where float32 has rounded them', async () => {
    const rows = csv(new Blob([`at,id\n${seconds + 1},1\n`]), { columns: { at: 'float32', id: 'int32' } });
    await expectAsync(all(rows.pipe(transform([step])))).toBeRejectedWithError(
      /^dates: the column 'at' has 17676\d+, which float32 may have rounded by minutes; wanted the column as int32 or string/,
    );
    const message =
      /^timeWindows: the column 'at' is float32 and has 17676\d+, which may have been rounded, .* wanted the column as int32 \(seconds\) or string/;
    const direct: readonly Observable<object>[] = [
      rows,
      rows.pipe(transform([])),
      rows.pipe(dl.shuffle(3, { seed: 1 })),
    ];
    for (const given of direct)
      await expectAsync(all(given.pipe(timeWindows({ time: 'at', size: 60 })))).toBeRejectedWithError(
        message,
      );
    // A row that notes that other numbers are int32 may have an exact time.
    const steps = [vocabulary('c', { words: ['a'] })];
    for (const at of [seconds, seconds * 1000]) {
      const single = from([{ at, c: 'a' }]).pipe(
        transform(steps),
        filter(({ at: time }) => time! > 0),
      );
      expect((await all(single.pipe(timeWindows({ time: 'at', size: 60 }))))[0]!.rows[0]!.at).toBe(at);
    }
    const small = csv(new Blob(['at\n5\n70\n']), { columns: { at: 'float32' } });
    expect((await all(small.pipe(timeWindows({ time: 'at', size: 60 })))).length).toBe(2);
  });

  it('are refused in milliseconds, where seconds are wanted', () => {
    for (const at of [seconds * 1000, `${seconds * 1000}`, -seconds * 1000])
      expect(() => transformRow([step], { at }))
        .withContext(String(at))
        .toThrowError(
          /which as seconds since 1970 is no date of the years 1000 to 3000; wanted seconds: divide milliseconds by 1000/,
        );
    expect(() => transformRow([step], { at: '20260105' })).toThrowError(/wanted a date/);
  });
});

describe('A null in a plain row', () => {
  const rows = [
    { x: 1, c: 'a' },
    { x: null, c: null },
    { x: 5, c: 'a' },
  ];
  const steps = [
    impute('x', { with: 'mean' }),
    standardise('x'),
    impute('c', { with: 'constant', value: '?' }),
    vocabulary('c'),
  ];

  it('is a missing value, as in blocks', async () => {
    const file = jsonLines(new Blob([rows.map((row) => `${JSON.stringify(row)}\n`).join('')]), {
      columns: { x: 'float32', c: 'string' },
      missing: true,
    });
    const inBlocks = await fitted(file, ...steps);
    expect(await fitted(from(rows), ...steps)).toEqual(inBlocks);
    expect(await all(from(rows).pipe(transform(inBlocks)))).toEqual(
      await all(file.pipe(transform(inBlocks))),
    );
    expect(transformRow(inBlocks, { x: null, c: null })).toEqual({ x: 0, c: 0 });
    expect(transformRow(inBlocks, { x: undefined, c: 'a' })).toEqual({ x: 0, c: 1 });
    expect(transformRow([minMax('x', { least: [0], most: [1] })], { x: null })).toEqual({ x: NaN });
  });

  it('is refused where it means nothing', () => {
    expect(() => transformRow([vocabulary('c', { words: ['a'] })], { c: null })).toThrowError(
      "transformRow: the column 'c' of the row is null; wanted a number, a boolean or a text, or a step impute('c') before others of the column",
    );
    expect(() => transformRow([], { y: null })).toThrowError(/the column 'y' of the row is null/);
  });

  it('leaves int32 columns that a file had what they are', async () => {
    const file = csv(new Blob(['id,x\n16777217,1\n']), { columns: { id: 'int32', x: 'float32' } });
    const step = standardise('x', { mean: [0], scale: [1] });
    for (const given of [file, file.pipe(filter(() => true))]) {
      const [ids] = await all(given.pipe(transform([step]), dl.batch(1), dl.download()));
      expect(ids!.id).toEqual(Int32Array.of(16777217));
    }
  });
});

describe('Steps with bounds, and of columns that others make', () => {
  it('can be fitted to columns that a step before them makes', async () => {
    const rows = from(['a', 'b', 'a', 'a'].map((c) => ({ c })));
    const steps = await fitted(rows, oneHotColumns('c'), standardise('c=a'), minMax(['c=b', 'c=a']));
    expect(steps[1]!.fitted!.mean).toEqual([0.75]);
    expect(steps[2]!.fitted!.least![0]).toBe(0);
    await expectAsync(fitted(rows, oneHotColumns('c'), standardise('c=z'))).toBeRejectedWithError(
      "standardise: there is no column 'c=z'; found 'c=a', 'c=b'",
    );
  });

  it('are refused with bounds that are none', () => {
    expect(() => minMax('x', { least: [3], most: [2] })).toThrowError(
      "minMax: option 'least' is [3]; wanted numbers that are at most those of 'most', 2",
    );
    expect(() => robust('x', { median: [0], lower: [1], upper: [-1] })).toThrowError(
      /^robust: option 'lower' is \[1\]; wanted numbers that are at most those of 'upper', -1/,
    );
    for (const scale of [0, -1])
      expect(() => standardise('x', { mean: [0], scale: [scale] })).toThrowError(
        `standardise: option 'scale' is [${scale}]; wanted 1 finite numbers above 0`,
      );
    const step = minMax('x', { least: [1], most: [2] });
    expect(() => transform([{ ...step, fitted: { least: [3], most: [2] } }])).toThrowError(
      "transform: step 1 (minMax) has the list 'least' as [3]; wanted numbers that are at most those of 'most', 2",
    );
    expect(() => vocabulary('x', { words: ['a', 'a'] })).toThrowError(/wanted different texts/);
    expect(() => hashing('x', 10, { seed: 0.5 })).toThrowError(/option 'seed' is 0.5; wanted an integer/);
  });
});
