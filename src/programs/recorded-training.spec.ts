import * as dl from 'rxtensor';
import { recorded } from 'rxtensor/programs';
import { Subject, take, type Observable } from 'rxjs';
import { everyOptimizer } from '../../test/support/optimizers';
import { numbers } from '../../test/support/reference';
import { plain, read } from '../../test/support/marbles';

type Batch = Record<'x' | 'y', dl.Tensor>;

/** A model with its variables, and how its loss is computed. */
interface Model {
  readonly variables: readonly dl.Variable[];
  readonly loss: (batch: Batch) => dl.Scalar;
}

const SIDE = 6;
const rows = ((): { x: number[]; y: number[] }[] => {
  const next = numbers(5);
  return Array.from({ length: 40 }, () => {
    const x = Array.from({ length: SIDE * SIDE }, () => next() * 2 - 1);
    const sum = x.reduce((a, b) => a + b);
    return { x, y: [sum > 0 ? 1 : 0, sum > 0 ? 0 : 1] };
  });
})();

const initial = (shape: number[], seed: number): dl.Variable =>
  dl.tidy(() => dl.variable(dl.randomNormal(shape, 0, 0.3, 'float32', seed), true, `v${seed}`));

/** A perceptron with two layers; with dropout between them if a rate is given. */
function mlp(rate = 0): Model {
  const [w1, b1, w2, b2] = [[SIDE * SIDE, 8], [8], [8, 2], [2]].map(initial) as [
    dl.Variable,
    dl.Variable,
    dl.Variable,
    dl.Variable,
  ];
  const loss = ({ x, y }: Batch): dl.Scalar => {
    const hidden = x.matMul(w1).add(b1).relu();
    const kept = rate > 0 ? dl.dropout(hidden, rate) : hidden;
    return dl.losses.softmaxCrossEntropy(y, kept.matMul(w2).add(b2));
  };
  return { variables: [w1, b1, w2, b2], loss };
}

/** A convolution, a pooling, a dense layer. */
function cnn(): Model {
  const [filter, bias, dense] = [[3, 3, 1, 4], [4], [16, 2]].map(initial) as [
    dl.Variable<dl.Rank.R4>,
    dl.Variable,
    dl.Variable,
  ];
  const loss = ({ x, y }: Batch): dl.Scalar => {
    const image: dl.Tensor4D = x.reshape([-1, SIDE, SIDE, 1]);
    const maps: dl.Tensor4D = dl.conv2d(image, filter, 1, 'valid').add(bias).relu();
    const pooled = dl.maxPool(maps, 2, 2, 'valid').reshape([-1, 16]);
    return dl.losses.softmaxCrossEntropy(y, pooled.matMul(dense));
  };
  return { variables: [filter, bias, dense], loss };
}

/** What a run gives: what it emitted, and the variables and random state that it left. */
interface Outcome {
  readonly emitted: unknown[];
  readonly values: unknown;
  readonly iterations: number;
  readonly random: number;
}

interface Run {
  readonly model?: () => Model;
  readonly optimizer?: () => dl.Optimizer;
  readonly options?: dl.TrainStepOptions;
  readonly steps?: (
    model: Model,
    optimizer: dl.Optimizer,
    options: dl.TrainStepOptions,
  ) => (batches: Observable<Batch>) => Observable<unknown>;
}

/** Trains with eleven batches of seven examples and one of three. */
async function outcomeOf({
  model = mlp,
  optimizer = dl.train.adam,
  options = {},
  steps,
}: Run): Promise<Outcome> {
  dl.setSeed(9);
  const made = model();
  const adam = optimizer();
  const emitted: unknown[] = [];
  const step = steps?.(made, adam, options) ?? dl.trainStep(adam, made.loss, options);
  await dl
    .examples(rows, { epochs: 2, shuffle: true, seed: 4 })
    .pipe(dl.batch(7), (batches) => step(batches as Observable<Batch>), read())
    .forEach((value) => emitted.push(value));
  const outcome = {
    emitted,
    values: plain(made.variables),
    iterations: adam.iterations,
    random: dl.getRandomState().counter,
  };
  dl.dispose([...made.variables]);
  adam.dispose();
  return outcome;
}

/** Trains with and without `recorded`; the outcomes must be equal to the last bit. */
async function expectEqual(run: Run): Promise<void> {
  const wanted = await outcomeOf(run);
  const found = await outcomeOf({ ...run, options: { ...run.options, recorded } });
  expect(found.emitted.length).toBe(wanted.emitted.length);
  expect(found).toEqual(wanted);
}

describe('trainStep with recorded', () => {
  it('gives the losses and variables of a perceptron', () => expectEqual({ model: mlp }));
  it('gives the losses and variables of a convolutional network', () => expectEqual({ model: cnn }));
  it('draws the random numbers of dropout', () => expectEqual({ model: () => mlp(0.4) }));

  for (const [name, optimizer] of Object.entries(everyOptimizer))
    it(`takes the steps of ${name}`, () => expectEqual({ optimizer }));

  for (const options of [
    { clipNorm: 0.1 },
    { clipValue: 0.01 },
    { onNaN: 'skip' },
    { onNaN: 'error' },
  ] as const)
    it(`takes steps with ${JSON.stringify(options)}`, () => expectEqual({ options }));

  for (const accumulate of [2, 5])
    it(`accumulates ${accumulate} batches`, () =>
      expectEqual({ options: { accumulate, clipNorm: 1, onNaN: 'error' } }));

  it('measures', () =>
    expectEqual({
      steps: (model, optimizer, options) =>
        dl.trainStep(
          optimizer,
          (batch: Batch) => {
            const loss = model.loss(batch);
            return { loss, double: loss.mul(2) };
          },
          { ...options, metrics: { double: ({ double }) => double, mean: (_, { x }) => x.mean() } },
        ),
    }));

  it('records the step of a loss that comes from above', () =>
    expectEqual({
      steps: (model, optimizer, options) => (batches) =>
        batches.pipe(dl.mapTensor(model.loss), dl.trainStep(optimizer, { ...options, clipNorm: 0.1 })),
    }));

  it("runs the loss function twice for each shape of batch, and once more to make the optimizer's slots", async () => {
    let runs = 0;
    const model = (): Model => {
      const { variables, loss } = mlp();
      return {
        variables,
        loss: (batch) => {
          runs++;
          return loss(batch);
        },
      };
    };
    await outcomeOf({ model, options: { recorded } });
    // The batches of seven examples, and the one of three.
    expect(runs).toBe(3 + 1);
  });

  it('follows hyper-parameters', () =>
    expectEqual({
      steps: (model, optimizer, options) => (batches) => {
        const learningRate = new Subject<number>();
        let count = 0;
        return batches.pipe(
          dl.mapTensor((batch) => {
            learningRate.next(0.01 / ++count);
            return batch;
          }),
          dl.trainStep(optimizer, model.loss, { ...options, learningRate, hyperparameters: { beta1: 0.8 } }),
        );
      },
    }));

  it('leaves out steps that are not finite', async () => {
    const options = { onNaN: 'skip' } as const;
    const steps: Run['steps'] = (model, optimizer, given) => (batches) => {
      let count = 0;
      return batches.pipe(
        dl.mapTensor(({ x, y }) => ({ x: ++count % 5 === 0 ? x.div(0) : x, y })),
        dl.trainStep(optimizer, model.loss, given),
      );
    };
    await expectEqual({ options, steps });
  });

  it('follows a variable that is no longer trained', () =>
    expectEqual({
      steps:
        ({ variables, loss }, optimizer, options) =>
        (batches) => {
          let count = 0;
          return batches.pipe(
            dl.mapTensor((batch) => {
              variables[0]!.trainable = ++count <= 6;
              return batch;
            }),
            dl.trainStep(optimizer, loss, options),
          );
        },
    }));

  it('resumes exactly', async () => {
    /** Trains until a step, or to the end; gives the losses. */
    const train = async (
      store: dl.CheckpointStore,
      options: dl.TrainStepOptions,
      last = Infinity,
    ): Promise<unknown[]> => {
      dl.setSeed(2);
      const model = mlp(0.3);
      const adam = dl.train.adam(0.01);
      const losses: unknown[] = [];
      await dl
        .resume(store, adam, ({ position }) =>
          dl
            .examples(rows, { epochs: 3, shuffle: true, seed: 4, startAt: position })
            .pipe(
              dl.batch(8),
              dl.trainStep(adam, model.loss as (batch: unknown) => dl.Scalar, options),
              dl.checkpoint({ every: 1, store }),
              take(last),
              read(),
            ),
        )
        .forEach((loss) => losses.push(loss));
      dl.dispose([...model.variables]);
      adam.dispose();
      return losses;
    };
    const wanted = await train(dl.memoryStore(), {});
    const store = dl.memoryStore();
    const first = await train(store, { recorded }, 6);
    const rest = await train(store, { recorded });
    expect(first).toEqual(wanted.slice(0, 6));
    // The run ended in the emission of its sixth step, before that one was stored.
    expect(rest.length).toBeLessThan(wanted.length);
    expect(rest).toEqual(wanted.slice(-rest.length));
  });
});

describe('recorded minimize', () => {
  it('takes the steps of the optimizer', () => {
    const train = (wrap: typeof recorded): unknown => {
      const { variables, loss } = mlp();
      const adam = dl.train.adam(0.01);
      const step = wrap((x: dl.Tensor, y: dl.Tensor) => adam.minimize(() => loss({ x, y }), true)!);
      const losses = Array.from({ length: 8 }, (_, i) =>
        dl.tidy(() => {
          const batch = rows.slice(5 * i, 5 * i + 5);
          return step(
            dl.tensor2d(batch.map(({ x }) => x)),
            dl.tensor2d(batch.map(({ y }) => y)),
          ).dataSync()[0];
        }),
      );
      const outcome = { losses, values: plain(variables), iterations: adam.iterations };
      dl.dispose([...variables]);
      adam.dispose();
      return outcome;
    };
    expect(train(recorded)).toEqual(train(((f: unknown) => f) as typeof recorded));
  });
});
