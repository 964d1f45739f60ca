import * as dl from 'rxtensor';
import {
  f1,
  regression,
  rocAuc,
  stepMetrics,
  testThenTrain,
  topK,
  type RegressionErrors,
  type StepMetrics,
} from 'rxtensor/data';
import { recorded } from 'rxtensor/programs';
import { lastValueFrom, take, toArray, type Observable } from 'rxjs';

interface Batch {
  readonly x: dl.Tensor;
  readonly y: dl.Tensor;
}
interface Outputs {
  readonly scores: dl.Tensor;
}

const all = <T>(stream: Observable<T>): Promise<T[]> => lastValueFrom(stream.pipe(toArray()));
const count = 40;
const xs = Array.from({ length: count }, (_, i) => ((i * 37) % count) / 10 - 2);
const ys = xs.map((x, i) => Number(x + (i % 5) / 2 - 1 > 0));

const made = { auc: rocAuc({ exact: true }), f1: f1(2) };
type Made = StepMetrics<Outputs, Batch, { readonly auc: { readonly value: number }; readonly f1: number }>;
const metricsOf = (options: object = {}): Made =>
  stepMetrics(
    made,
    ({ scores }: Outputs, { y }: Batch) => ({ labels: y, scores, predictions: scores.greater(0.5) }),
    options,
  );

/** The model, and the scores that it gave before each step. */
function training(): {
  readonly adam: dl.Optimizer;
  readonly loss: (batch: Batch) => Outputs & { readonly loss: dl.Tensor };
  readonly free: () => void;
} {
  const slope = dl.tidy(() => dl.variable(dl.scalar(-1)));
  const adam = dl.train.adam(0.5);
  return {
    adam,
    loss: ({ x, y }) => {
      const logits = slope.mul(x);
      return { loss: dl.losses.sigmoidCrossEntropy(y, logits), scores: logits.sigmoid() };
    },
    free: () => {
      slope.dispose();
      adam.dispose();
    },
  };
}

const batches = (size: number): Observable<Batch> => dl.examples({ x: xs, y: ys }).pipe(dl.batch(size));

/** What the metrics amount to for the scores of some steps. */
function direct(
  steps: readonly { readonly scores: ArrayLike<number>; readonly y: ArrayLike<number> }[],
): object {
  const labels = steps.flatMap(({ y }) => Array.from(y));
  const scores = steps.flatMap((each) => Array.from(each.scores));
  const predictions = scores.map((score) => Number(score > 0.5));
  const auc = made.auc.result(made.auc.add(made.auc.start(), { labels, scores }));
  return { auc: auc.value, f1: made.f1.result(made.f1.add(made.f1.start(), { labels, predictions })) };
}

/** The scores of each step, which come down as metrics of their own. */
async function scoresOfSteps(): Promise<{ scores: Float32Array; y: Float32Array }[]> {
  const { adam, loss, free } = training();
  const steps = await all(
    batches(8).pipe(
      dl.trainStep(adam, loss, { metrics: { scores: ({ scores }) => scores, y: (_, { y }) => y } }),
      dl.download(),
    ),
  );
  free();
  return steps.map(({ metrics }) => metrics as { scores: Float32Array; y: Float32Array });
}

/** Labels and predictions of a regression, whose mean over batches would be no error of any metric. */
const errorsOf = ({ scores }: Outputs, { y }: Batch): { labels: dl.Tensor; predictions: dl.Tensor } => ({
  labels: y,
  predictions: scores,
});
const meanOfBatches =
  "stepMetrics: what came down has means over several batches; wanted those of trainStep() without 'accumulate' and shared steps of 'peers'";

describe('stepMetrics', () => {
  for (const [how, options] of [
    ['', {}],
    [', recorded too', { recorded }],
  ] as const)
    it(`refuses means over batches, also of metrics that take any number${how}`, async () => {
      const { adam, loss, free } = training();
      const measured = stepMetrics({ errors: regression() }, errorsOf);
      for (const accumulate of [2, 3, 5])
        await expectAsync(
          all(
            batches(4).pipe(
              dl.trainStep(adam, loss, { ...options, accumulate, metrics: measured.tensors }),
              dl.download(),
              measured.results(),
            ),
          ),
        )
          .withContext(`accumulate ${accumulate}`)
          .toBeRejectedWithError(meanOfBatches);
      // The cure.
      const steps = await all(
        batches(8).pipe(
          dl.trainStep(adam, loss, { ...options, metrics: measured.tensors }),
          dl.download(),
          measured.results(),
        ),
      );
      expect(steps.map(({ metrics: { errors } }) => errors.count)).toEqual([8, 16, 24, 32, 40]);
      free();
    });

  it('refuses the values of another member of a run', async () => {
    const [own, other] = [0, 1].map(() => stepMetrics({ errors: regression() }, errorsOf));
    const [mine, theirs] = [own!, other!].map((each) =>
      dl.tidy(() =>
        each.tensors.measured({ scores: dl.tensor1d([1]) }, { x: dl.tensor1d([0]), y: dl.tensor1d([2]) }),
      ),
    );
    expect(own!.update(await mine!.data()).errors.mae).toBe(1);
    const foreign = await theirs!.data();
    expect(() => own!.update(foreign)).toThrowError(meanOfBatches);
    dl.dispose([mine!, theirs!]);
  });

  it('keeps numbers that JSON has not in its state', async () => {
    const make = (state?: unknown): StepMetrics<Outputs, Batch, { readonly errors: RegressionErrors }> =>
      stepMetrics({ errors: regression() }, errorsOf, { window: 2, ...(state !== undefined && { state }) });
    const measuredOf = async (
      measured: ReturnType<typeof make>,
      score: number,
    ): Promise<RegressionErrors> => {
      const packed = dl.tidy(() =>
        measured.tensors.measured(
          { scores: dl.tensor1d([score]) },
          { x: dl.tensor1d([0]), y: dl.tensor1d([2]) },
        ),
      );
      const { errors } = measured.update(await packed.data());
      packed.dispose();
      return errors;
    };
    for (const [lost, mae] of [
      [NaN, NaN],
      [Infinity, Infinity],
    ] as const) {
      const measured = make();
      await measuredOf(measured, lost);
      const again = make(JSON.parse(JSON.stringify(measured)));
      expect((await measuredOf(again, 3)).mae).toEqual(mae);
      expect((await measuredOf(again, 5)).mae).toBe(2);
    }
  });

  for (const [how, options] of [
    ['', {}],
    [', recorded too', { recorded }],
  ] as const)
    it(`measures the steps of trainStep${how}, beside other metrics`, async () => {
      const steps = await scoresOfSteps();
      const { adam, loss, free } = training();
      const measured = metricsOf();
      const found = await all(
        batches(8).pipe(
          dl.trainStep(adam, loss, {
            ...options,
            metrics: { ...measured.tensors, least: ({ scores }) => scores.min() },
          }),
          dl.download(),
          measured.results(),
        ),
      );
      free();
      expect(found.length).toBe(5);
      found.forEach(({ step, metrics: { auc, f1: score, least } }, i) => {
        expect(step).toBe(i + 1);
        expect({ auc: auc.value, f1: score }).toEqual(direct(steps.slice(0, i + 1)) as never);
        expect(least).toBeCloseTo(Math.min(...steps[i]!.scores), 6);
      });
    });

  it('gives testThenTrain the AUC and F1 of a window, and goes on from its state', async () => {
    const steps = await scoresOfSteps();
    const { adam, loss, free } = training();
    const window = 3;
    const first = metricsOf({ window });
    const tested = await all(batches(8).pipe(testThenTrain(adam, loss, { measure: first }), take(3)));
    const again = metricsOf({ window, state: JSON.parse(JSON.stringify(first)) as unknown });
    free();
    tested.forEach(({ measured, mean, batch }, i) => {
      expect({ auc: measured.auc.value, f1: measured.f1 }).toEqual(
        direct(steps.slice(Math.max(0, i + 1 - window), i + 1)) as never,
      );
      expect(Object.keys({ ...mean, ...batch })).toEqual(['loss']);
    });
    const { scores, y } = steps[4]!;
    const packed = dl.tidy(() =>
      again.tensors.measured({ scores: dl.tensor1d(scores) }, { x: dl.tensor1d([0]), y: dl.tensor1d(y) }),
    );
    const { auc } = again.update(await packed.data());
    packed.dispose();
    expect(auc.value).toBe((direct([steps[1]!, steps[2]!, steps[4]!]) as { auc: number }).auc);
  });

  it('takes scores of several classes', async () => {
    const { adam, loss, free } = training();
    const measured = stepMetrics({ top: topK(1, 2) }, ({ scores }: Outputs, { y }: Batch) => ({
      labels: y,
      scores: dl.stack([dl.scalar(1).sub(scores), scores], 1),
    }));
    const tested = await all(batches(8).pipe(testThenTrain(adam, loss, { measure: measured })));
    free();
    const steps = await scoresOfSteps();
    const right = steps.flatMap(({ scores, y }) =>
      Array.from(scores, (score, i) => Number(Number(score >= 0.5) === y[i])),
    );
    expect(tested.at(-1)?.measured.top).toBeCloseTo(right.reduce((sum, each) => sum + each) / count, 12);
  });

  it('says what is wrong', async () => {
    const { adam, loss, free } = training();
    const broken = stepMetrics(made, () => ({ labels: 3 }) as never);
    await expectAsync(
      all(batches(8).pipe(testThenTrain(adam, loss, { measure: broken as never }))),
    ).toBeRejectedWithError(
      "stepMetrics: argument 'outputsOf' gave an object; wanted tensors by their names, as {labels, scores}",
    );
    const measured = metricsOf();
    await expectAsync(
      all(batches(10).pipe(dl.trainStep(adam, loss), dl.download(), measured.results() as never)),
    ).toBeRejectedWithError(
      "stepMetrics: metrics.measured is undefined; wanted trainStep() with 'tensors' among its metrics, and download()",
    );
    expect(() => testThenTrain(adam, loss, { measure: metricsOf(), accumulate: 2 })).toThrowError(
      "testThenTrain: option 'accumulate' is 2; wanted 1 beside 'measure'",
    );
    expect(() =>
      testThenTrain(adam, loss, {
        measure: metricsOf(),
        metrics: { measured: ({ scores }) => scores.mean<dl.Scalar>() },
      }),
    ).toThrowError(/option 'metrics' has 'measured' beside the option 'measure'/);
    expect(() => metricsOf({ state: [{}] })).toThrowError(/metrics: a state to merge has no 'auc'/);
    free();
  });
});
