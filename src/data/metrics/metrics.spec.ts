import * as dl from 'rxtensor';
import {
  alongside,
  calibration,
  classReport,
  evaluation,
  f1,
  measure,
  measurePart,
  mergeParts,
  metrics,
  pairs,
  prAuc,
  precision,
  recall,
  regression,
  rocAuc,
  topK,
  unpaired,
  type AnyMetric,
  type Metric,
} from 'rxtensor/data';
import fc from 'fast-check';
import { from, lastValueFrom, map, merge, toArray } from 'rxjs';
import { far } from '../../../test/support/far-side';
import known from '../../../test/support/scikit-learn/values.json';

/** The result of all values in one. */
function resultOf<T, S, R>(metric: Metric<T, S, R>, ...values: T[]): R {
  return metric.result(values.reduce((state, value) => metric.add(state, value), metric.start()));
}

describe('Metrics give the values of scikit-learn:', () => {
  const { binary, classes, ranked } = known;

  it('the areas under both curves, exactly and by histogram within the stated error', () => {
    for (const [metric, wanted] of [
      [rocAuc, binary.rocAuc],
      [prAuc, binary.averagePrecision],
    ] as const) {
      const exact = resultOf(metric({ exact: true }), binary);
      expect(exact.value).toBeCloseTo(wanted, 12);
      expect(exact.error).toBeCloseTo(0, 12);
      for (const bins of [1, 3, 10, 50, 1000]) {
        const { value, error } = resultOf(metric({ bins }), binary);
        expect(Math.abs(value - wanted))
          .withContext(`${bins} bins`)
          .toBeLessThanOrEqual(error + 1e-12);
        if (bins === 50) expect(error).toBeLessThan(0.05);
      }
    }
  });

  it('precision, recall and F1 of each class and in the mean, and confusion', () => {
    const report = resultOf(classReport(4), classes);
    expect(report.accuracy).toBeCloseTo(classes.accuracy, 12);
    expect(report.confusion).toEqual(classes.confusion);
    const compare = (
      found: Readonly<Record<string, number>>,
      wanted: Readonly<Record<string, number>>,
    ): void => {
      expect(found.precision).toBeCloseTo(wanted.precision!, 12);
      expect(found.recall).toBeCloseTo(wanted.recall!, 12);
      expect(found.f1).toBeCloseTo(wanted['f1-score']!, 12);
    };
    report.classes.forEach((each, i) => {
      compare({ ...each }, classes.byClass[i]!);
      expect(each.support).toBe(classes.byClass[i]!.support);
    });
    compare({ ...report.macro }, classes.macro);
    compare({ ...report.weighted }, classes.weighted);
    expect(resultOf(f1(4), classes)).toBeCloseTo(classes.macro['f1-score'], 12);
    expect(resultOf(precision(4, 2), classes)).toBeCloseTo(classes.byClass[2]!.precision, 12);
    expect(resultOf(recall(4, 'weighted'), classes)).toBeCloseTo(classes.weighted.recall, 12);
  });

  it('calibration and the Brier score', () => {
    const found = resultOf(calibration(7), binary);
    expect(found.brier).toBeCloseTo(binary.brier, 12);
    const bins = found.bins.filter(({ count }) => count > 0);
    expect(bins.length).toBe(binary.observed.length);
    bins.forEach(({ predicted, observed }, i) => {
      expect(observed).toBeCloseTo(binary.observed[i]!, 12);
      expect(predicted).toBeCloseTo(binary.predicted[i]!, 12);
    });
  });

  it('calibration of scores that lie between two bins, which belong to the lower one', () => {
    for (const { bins, labels, scores, observed, predicted, counts } of known.calibration) {
      const found = resultOf(calibration(bins), { labels, scores }).bins;
      expect(found.map(({ count }) => count)).toEqual(counts);
      found.forEach((bin, i) => {
        expect(bin.observed).toBeCloseTo(observed[i]!, 12);
        expect(bin.predicted).toBeCloseTo(predicted[i]!, 12);
      });
    }
  });

  it('top-k', () => {
    known.ranked.top.forEach((wanted, i) => expect(resultOf(topK(i + 1, 4), ranked)).toBeCloseTo(wanted, 12));
  });

  it('the errors of a regression with large labels', () => {
    const { mae, mse, r2, maxError } = resultOf(regression(), known.regression);
    expect(mae).toBeCloseTo(known.regression.mae, 10);
    expect(mse).toBeCloseTo(known.regression.mse, 10);
    expect(r2).toBeCloseTo(known.regression.r2, 10);
    expect(maxError).toBeCloseTo(known.regression.maxError, 10);
  });
});

describe('A metric', () => {
  const label = fc.integer({ min: 0, max: 1 });
  const share = fc.integer({ min: 0, max: 20 }).map((each) => each / 20);
  const scored = fc.array(fc.tuple(label, share), { minLength: 1 }).map((all) => ({
    labels: all.map(([each]) => each),
    scores: all.map(([, each]) => each),
    predictions: all.map(([, each]) => Math.round(each)),
  }));
  const all = metrics({
    roc: rocAuc({ bins: 7 }),
    rocExactly: rocAuc({ exact: true }),
    pr: prAuc({ bins: 7 }),
    prExactly: prAuc({ exact: true }),
    report: classReport(2),
    calibration: calibration(4),
    errors: regression(),
  });

  it('of parts, merged in any order and clones of their states, is that of the whole', () => {
    fc.assert(
      fc.property(fc.array(scored, { minLength: 1, maxLength: 5 }), fc.boolean(), (parts, isReversed) => {
        const states = parts.map((part) => structuredClone(all.add(all.start(), part)));
        const before = JSON.stringify(states);
        const merged = (isReversed ? states.reverse() : states).reduce(
          (a, b) => all.merge(a, b),
          all.start(),
        );
        if (!isReversed) expect(JSON.stringify(states)).toBe(before);
        const found = flat(all.result(merged));
        const wanted = flat(resultOf(all, ...parts));
        expect(found.map(([key]) => key)).toEqual(wanted.map(([key]) => key));
        found.forEach(([key, value], i) => {
          const other = wanted[i]![1];
          if (!(Number.isNaN(value) && Number.isNaN(other)))
            expect(value).withContext(key).toBeCloseTo(other, 9);
        });
      }),
      { numRuns: 200 },
    );
  });

  it('is not made of a state of another form, of other options, or of another metric', () => {
    const example = { labels: [0, 1], scores: [0.2, 0.9], predictions: [0, 1] };
    const stateOf = (metric: AnyMetric): unknown => metric.add(metric.start() as never, example as never);
    const wrong: readonly [AnyMetric, AnyMetric, RegExp][] = [
      [
        rocAuc({ exact: true }),
        rocAuc({ bins: 1 }),
        /rocAuc: a state to merge is a histogram; wanted exact: give all metrics of parts the same option 'exact'/,
      ],
      [prAuc(), prAuc({ exact: true }), /prAuc: a state to merge is exact; wanted a histogram/],
      [rocAuc(), regression(), /rocAuc: a state to merge is of another metric/],
      [regression(), rocAuc(), /regression: a state to merge has no sums/],
      [calibration(2), regression(), /calibration: a state to merge has no counts; wanted 2/],
      [classReport(2), regression(), /classReport: a state to merge has no counts; wanted 4/],
      [metrics({ auc: rocAuc() }), metrics({ roc: rocAuc() }), /metrics: a state to merge has no 'auc'/],
      [metrics({ auc: rocAuc() }), regression(), /metrics: a state to merge has no 'auc'/],
    ];
    for (const [metric, other, message] of wrong) {
      for (const [a, b] of [
        [stateOf(metric), stateOf(other)],
        [stateOf(other), stateOf(metric)],
        [stateOf(metric), null],
      ])
        expect(() => metric.merge(a as never, b as never))
          .withContext(metric.name)
          .toThrowError(b === null ? /a state to merge/ : message);
    }
    const [two, three] = [topK(1, 2), topK(2, 2)];
    expect(() => two.merge(two.start(), three.start())).toThrowError(
      'topK: a state to merge is of 2 of 2 classes; wanted 1 of 2',
    );
    expect(() => topK(5, 3)).toThrowError("topK: argument 'k' is 5; wanted at most 3, of as many classes");
    expect(resultOf(topK(3, 3), { labels: [0], scores: [1, 2, 3] })).toBe(1);
  });

  it('is not made of numbers that JSON has lost', () => {
    const value = { labels: [1, 0], scores: [Infinity, 2], predictions: [Infinity, 0] };
    for (const metric of [rocAuc({ exact: true }), prAuc({ exact: true }), regression()] as AnyMetric[]) {
      const state = metric.add(metric.start() as never, value as never);
      expect(() => metric.merge(metric.start() as never, structuredClone(state) as never))
        .withContext(metric.name)
        .not.toThrow();
      expect(() =>
        metric.merge(metric.start() as never, JSON.parse(JSON.stringify(state)) as never),
      ).toThrowError(
        `${metric.name}: a state to merge has lost NaN or infinities in JSON; wanted it from structuredClone()`,
      );
    }
  });

  it('computes exact areas when they are read, of the scores until then', async () => {
    const count = 30_000;
    const seen: { value: number; error: number }[] = [];
    const sort = spyOn(Float64Array.prototype, 'sort').and.callThrough();
    await from(Array.from({ length: count }, (_, i) => ({ labels: [i % 2], scores: [(i * 7919) % 1009] })))
      .pipe(measure(rocAuc({ exact: true })))
      .forEach((area) => seen.push(area));
    expect(sort).not.toHaveBeenCalled();
    for (const end of [1, 2, 3, 1000, count]) {
      const labels = Array.from({ length: end }, (_, i) => i % 2);
      const scores = Array.from({ length: end }, (_, i) => (i * 7919) % 1009);
      const alone = resultOf(rocAuc({ exact: true }), { labels, scores });
      expect({ ...seen[end - 1]! }).toEqual({ ...alone });
      expect(JSON.stringify(seen[end - 1])).toBe(JSON.stringify(alone));
    }
    const sorts = sort.calls.count();
    expect(seen.at(-1)?.value).toBeCloseTo(0.5, 1);
    expect(sort.calls.count()).toBe(sorts);
  });

  it('by histogram states an error that the exact one never exceeds', () => {
    fc.assert(
      fc.property(scored, fc.integer({ min: 1, max: 9 }), (value, bins) => {
        for (const metric of [rocAuc, prAuc]) {
          const exact = resultOf(metric({ exact: true }), value).value;
          const rough = resultOf(metric({ bins }), value);
          if (Number.isNaN(exact)) expect(rough.value).toBeNaN();
          else expect(Math.abs(rough.value - exact)).toBeLessThanOrEqual(rough.error + 1e-9);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('tells what is wrong with a value, as an error notification', async () => {
    const wrong: readonly [AnyMetric, unknown, string][] = [
      [
        rocAuc(),
        { labels: [1], scores: [2] },
        'rocAuc: there is 2 among the scores; wanted numbers from 0 to 1',
      ],
      [
        rocAuc({ exact: true }),
        { labels: [2], scores: [2] },
        'rocAuc: there is 2 among the labels; wanted 0 and 1',
      ],
      [
        calibration(),
        { labels: [1] },
        'calibration: the value has 1 labels and no scores; wanted as many of each, as {labels, scores}',
      ],
      [
        classReport(2),
        { labels: [2], predictions: [0] },
        'classReport: there is 2 among the labels; wanted classes from 0 to 1',
      ],
      [
        topK(1, 3),
        { labels: [1], scores: [1, 2] },
        'topK: the value has 1 labels and 2 scores; wanted 3 scores for each label, as {labels, scores}',
      ],
      [
        topK(1, 2),
        { labels: [2], scores: [1, 2] },
        'topK: there is 2 among the labels; wanted classes from 0 to 1',
      ],
    ];
    for (const [metric, value, message] of wrong)
      await expectAsync(
        lastValueFrom(from([value]).pipe(measure(metric as Metric<unknown, unknown, unknown>))),
      ).toBeRejectedWithError(message);
    expect(() => measure({} as typeof all)).toThrowError(
      /measure: argument 'metric' is .* without a function 'start'/,
    );
    expect(() => rocAuc({ bins: 0 })).toThrowError(/rocAuc: option 'bins' is 0/);
    expect(() => precision(3, 3)).toThrowError(
      "precision: argument 'of' is 3; wanted a class from 0 to 2, 'macro' or 'weighted'",
    );
  });

  it('is measured in workers, part by part, as all in one', async () => {
    const { labels, scores } = known.binary;
    const parts = [0, 1].map((part) => {
      const [from_, to] = [part * 80, part === 0 ? 80 : labels.length];
      return {
        labels: labels.slice(from_, to),
        scores: scores.slice(from_, to),
        predictions: scores.slice(from_, to),
      };
    });
    const both = metrics({ auc: rocAuc(), errors: regression() });
    const far$ = merge(
      ...parts.map((part) => from([part]).pipe(far<typeof part, ReturnType<typeof both.start>>('measured'))),
    );
    const merged = await lastValueFrom(far$.pipe(mergeParts(both)));
    const near$ = merge(...parts.map((part) => from([part]).pipe(measurePart(both))));
    expect(merged.auc).toEqual((await lastValueFrom(near$.pipe(mergeParts(both)))).auc);
    expect(Math.abs(merged.auc.value - known.binary.rocAuc)).toBeLessThanOrEqual(merged.auc.error + 1e-9);
    expect(merged.errors.count).toBe(labels.length);
    const whole = await lastValueFrom(from(parts).pipe(measure(both)));
    expect(merged.errors.mae).toBeCloseTo(whole.errors.mae, 12);
    expect(merged.auc).toEqual(whole.auc);
  });

  it('does not take means over batches for labels and predictions', async () => {
    const slope = dl.tidy(() => dl.variable(dl.scalar(1)));
    const sgd = dl.train.sgd(0.01);
    const measured = (accumulate: number): Promise<number[]> =>
      lastValueFrom(
        dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }).pipe(
          dl.batch(2),
          dl.trainStep(
            sgd,
            ({ x, y }) => {
              const predictions = slope.mul(x);
              return { loss: dl.losses.meanSquaredError(y, predictions), predictions };
            },
            { accumulate, metrics: { pairs: ({ predictions }, { y }) => pairs(y, predictions) } },
          ),
          dl.download(),
          alongside(regression(), ({ metrics: all }) => unpaired(all.pairs)),
          map(({ measured: { count } }) => count),
          toArray(),
        ),
      );
    await expectAsync(measured(2)).toBeRejectedWithError(
      "unpaired: argument 'values' has means over several batches, or none of pairs(); wanted all of its values, of trainStep() without 'accumulate'",
    );
    expect(await measured(1)).toEqual([2, 4]);
    const labels = dl.tensor1d([1, 2]);
    expect(() => dl.tidy(() => pairs(labels, labels.slice(1)))).toThrowError(
      'pairs: the value has 2 labels and 1 predictions; wanted as many of each',
    );
    dl.dispose([slope, labels]);
    sgd.dispose();
  });

  it('goes along with a training, and measures a validation as one set', async () => {
    const slope = dl.tidy(() => dl.variable(dl.scalar(1)));
    const sgd = dl.train.sgd(0.01);
    const test = dl.examples({ x: [5, 6, 7], y: [10, 12, 14] }).pipe(dl.batch(2));
    const steps = await lastValueFrom(
      dl.examples({ x: [1, 2, 3, 4], y: [2, 4, 6, 8] }).pipe(
        dl.batch(2),
        dl.trainStep(
          sgd,
          ({ x, y }) => {
            const predictions = slope.mul(x);
            return { loss: dl.losses.meanSquaredError(y, predictions), predictions };
          },
          { metrics: { pairs: ({ predictions }, { y }) => pairs(y, predictions) } },
        ),
        dl.validate(
          2,
          test,
          evaluation(regression(), ({ x, y }: { x: dl.Tensor; y: dl.Tensor }) => ({
            labels: y,
            predictions: slope.mul(x),
          })),
        ),
        dl.download(),
        alongside(regression(), ({ value }) => unpaired(value.metrics.pairs)),
        map(({ value: { validation }, measured }) => [
          measured.count,
          validation?.count ?? null,
          measured.mae,
        ]),
        toArray(),
      ),
    );
    expect(steps.map(([count, validated]) => [count, validated])).toEqual([
      [2, null],
      [4, 3],
    ]);
    expect(steps[0]![2]).toBeCloseTo(1.5, 6);
    const failing = dl.examples([1]).pipe(
      dl.validate(
        1,
        test,
        evaluation(rocAuc(), ({ x, y }: { x: dl.Tensor; y: dl.Tensor }) => ({ labels: y, scores: x })),
      ),
    );
    await expectAsync(failing.forEach(() => undefined)).toBeRejectedWithError(
      /rocAuc: there is 10 among the labels/,
    );
    dl.dispose(slope);
    sgd.dispose();
  });
});

/** All numbers in a value, with their paths. */
function flat(value: unknown, path = ''): [string, number][] {
  if (typeof value === 'number') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, each]) => flat(each, `${path}.${key}`));
}
