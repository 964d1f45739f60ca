import * as dl from 'rxtensor';
import {
  calibration,
  classReport,
  cyclic,
  dates,
  fit,
  hashing,
  impute,
  measure,
  minMax,
  oneHotColumns,
  prAuc,
  regression,
  rocAuc,
  robust,
  standardise,
  testThenTrain,
  topK,
  transform,
  transformRow,
  vocabulary,
  type Step,
} from 'rxtensor/data';
import { csv, jsonLines, type CsvOptions } from 'rxtensor/files';
import { lastValueFrom, map, of, take, toArray } from 'rxjs';

const file = new Blob(['x,c,at\n1,a,2026-01-05\n2,b,2026-01-06\n']);
const rows = csv(file, { columns: { x: 'float32', c: 'string', at: 'string' } });

/** Steps as they lie in a file, of each kind. */
const right: readonly Step[] = [
  impute('x', { with: 'constant', value: 0 }),
  standardise('x', { mean: [1], scale: [2] }),
  minMax('x', { least: [0], most: [1] }),
  robust('x', { median: [0], lower: [-1], upper: [1] }),
  vocabulary('c', { words: ['a'] }),
  oneHotColumns('c', { words: ['a'] }),
  hashing('c', 10),
  dates('at', ['hour']),
  cyclic('x', 24),
];
const hostileValues: readonly unknown[] = [undefined, null, 0, -1, 1e300, 'x', [], {}, [null], ['x'], true];

/** Every change of one field of a step: to another value, and away. */
function changed(step: Step): readonly (readonly [what: string, step: unknown])[] {
  const found: [string, unknown][] = [];
  for (const part of ['kind', 'columns', 'options', 'fitted'] as const)
    for (const value of hostileValues) {
      found.push([`${part} ${JSON.stringify(value)}`, { ...step, [part]: value }]);
      if (part !== 'options' && part !== 'fitted') continue;
      for (const name of Object.keys(step[part] ?? {}))
        found.push([
          `${part}.${name} ${JSON.stringify(value)}`,
          { ...step, [part]: { ...step[part], [name]: value } },
        ]);
    }
  return found;
}

describe('Steps from a file', () => {
  for (const step of right)
    it(`of the kind ${step.kind} are refused with a clear error, or used: they never fail in another way`, async () => {
      for (const [what, hostile] of changed(step)) {
        let error: Error | null = null;
        try {
          const prepared = await lastValueFrom(rows.pipe(transform([hostile as Step]), toArray()));
          for (const value of prepared.flatMap((row) => Object.values(row)))
            expect(typeof value === 'string' || Number.isFinite(value))
              .withContext(`${what}: ${JSON.stringify(prepared)}`)
              .toBeTrue();
        } catch (thrown) {
          error = thrown as Error;
        }
        if (!error) continue;
        expect(error.constructor).withContext(`${what}: ${error.message}`).toBe(Error);
        expect(error.message)
          .withContext(what)
          .toMatch(/; (wanted|found) /);
      }
    });

  it('number buckets within int32', () => {
    expect(() => hashing('c', 2 ** 32)).toThrowError(
      /hashing: argument 'buckets' is 4294967296; wanted an integer from 1 to 2147483648/,
    );
    const step = { ...hashing('c', 10), options: { buckets: 2 ** 32, seed: 0 } };
    expect(() => transform([step])).toThrowError(/option 'buckets' as 4294967296; wanted an integer from 1/);
  });

  it('name the option that is wrong', () => {
    const [, , scaling] = right;
    expect(() => transform([{ ...scaling!, options: {} }])).toThrowError(
      "transform: step 1 (minMax) has the option 'range' as undefined; wanted two numbers, the lower first",
    );
    expect(() => transform([{ ...scaling!, options: { range: [0, 1], with: 'constant' } }])).toThrowError(
      "transform: step 1 (minMax) has an option 'with'; wanted range",
    );
    expect(() => standardise(['x', 'x'])).toThrowError(/several different ones$/);
    expect(() => transformRow([right[1]!], null as unknown as object)).toThrowError(
      'transformRow: the row is null; wanted an object of columns',
    );
  });

  it('are not learned of what has no mean', async () => {
    const infinite = csv(new Blob(['x\n1\nInfinity\n']), { columns: { x: 'float32' } });
    await expectAsync(lastValueFrom(infinite.pipe(fit([standardise('x')])))).toBeRejectedWithError(
      "standardise: the column 'x' has Infinity, of which there is no mean or distance; wanted finite numbers, or NaN for a missing one",
    );
  });
});

describe('Metrics', () => {
  it('are not made of states with other options, nor of scores that are NaN', () => {
    const example = { labels: [0, 1], scores: [0.2, 0.9], predictions: [0, 1] };
    for (const [metric, other] of [
      [rocAuc({ bins: 5 }), rocAuc({ bins: 10 })],
      [prAuc({ bins: 10 }), prAuc({ bins: 5 })],
      [classReport(2), classReport(3)],
      [calibration(5), calibration(10)],
    ] as const) {
      const state = other.add(other.start() as never, example) as never;
      expect(() => metric.merge(metric.start() as never, state))
        .withContext(metric.name)
        .toThrowError(new RegExp(`${metric.name}: a state to merge has \\d+ counts; wanted \\d+`));
    }
    const top = topK(1, 3);
    expect(() => top.add(top.start(), { labels: [1], scores: [NaN, NaN, NaN] })).toThrowError(
      /topK: there is NaN among the scores/,
    );
  });

  it('refuse more than memory has room for, and what is no number', async () => {
    expect(() => classReport(1e9)).toThrowError(
      "classReport: argument 'classes' is 1000000000; wanted at most 4096",
    );
    expect(() => prAuc({ bins: 1e12 })).toThrowError(
      /option 'bins' is 1000000000000; wanted at most 16777216/,
    );
    expect(() => calibration(1e12)).toThrowError(/argument 'bins' is 1000000000000; wanted at most/);
    const texts = { labels: ['a'], predictions: [1] } as unknown as {
      labels: number[];
      predictions: number[];
    };
    await expectAsync(lastValueFrom(of(texts).pipe(measure(regression())))).toBeRejectedWithError(
      "regression: there is 'a' among the labels and predictions; wanted numbers",
    );
  });
});

describe('A table', () => {
  it('has columns', () => {
    for (const columns of [null, {}, 5, 'x', []]) {
      const options = { columns } as unknown as CsvOptions & { readonly columns: undefined };
      expect(() => csv(file, options)).toThrowError(
        /^csv: option 'columns' is .*; wanted at least one column with its type, as /,
      );
      expect(() => jsonLines(file, options as never)).toThrowError(/^jsonLines: option 'columns' is /);
    }
  });

  it('can be left in the middle, and may fail in the middle: nothing is left', async () => {
    const many = new Blob([`x,y\n${'1,2\n'.repeat(50_000)}1,oops\n`]);
    const columns = { x: 'float32', y: 'float32' } as const;
    const slope = dl.tidy(() => dl.variable(dl.scalar(0)));
    const adam = dl.train.adam(0.01);
    const trained = csv(many, { columns }).pipe(
      transform<{ x: number; y: number }>([standardise('x', { mean: [0], scale: [1] })]),
      dl.shuffle(1000, { seed: 1 }),
      dl.batch(100),
      testThenTrain(adam, ({ x, y }) => dl.losses.meanSquaredError(y, slope.mul(x))),
      map(({ step }) => step),
    );
    expect(await lastValueFrom(trained.pipe(take(3)))).toBe(3);
    const { numTensors } = dl.memory();
    await expectAsync(lastValueFrom(trained)).toBeRejectedWithError(
      /row 50001 \(line 50002\), column 'y': found "oops"/,
    );
    expect(dl.memory().numTensors).toBe(numTensors);
    adam.dispose();
    slope.dispose();
  });
});
