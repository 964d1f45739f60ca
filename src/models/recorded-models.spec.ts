import * as dl from 'rxtensor';
import {
  layers,
  loadGraphModel,
  loadLayersModel,
  sequential,
  type GraphModel,
  type ModelInputs,
  type NamedTensors,
} from 'rxtensor/models';
import { from, lastValueFrom, map, toArray } from 'rxjs';
import {
  graphFiles,
  ints,
  node,
  placeholder,
  weight,
  type GraphDescription,
} from '../../test/support/graph-files';
import { observeDevice } from '../tensor/device-observers';

const CALLS = 5;

/** relu(x·w + b), squared, and the mean of that. */
const chain: GraphDescription = {
  nodes: [
    placeholder('x', [-1, 2]),
    node('product', 'MatMul', 'x w'),
    node('sum', 'BiasAdd', 'product b'),
    node('relu', 'Relu', 'sum'),
    node('square', 'Square', 'relu'),
    node('mean', 'Mean', 'square axis', { keep_dims: false }),
  ],
  weights: [weight('w', [1, 2, 3, 4], [2, 2]), weight('b', [-4, 1]), ints('axis', [1])],
  outputs: { square: 'square', mean: 'mean' },
};

/** The places of the numbers above 0, and those numbers, doubled, behind some steps: the host reads in between. */
const cut: GraphDescription = {
  nodes: [
    placeholder('x', [-1]),
    node('twice', 'Mul', 'x two'),
    node('less', 'Sub', 'twice one'),
    node('isAbove', 'Greater', 'less zero'),
    node('places', 'Where', 'isAbove'),
    node('flat', 'Squeeze', 'places', { squeeze_dims: [1] }),
    node('chosen', 'Gather', 'less flat'),
    node('square', 'Square', 'chosen'),
    node('all', 'Exp', 'less'),
    node('sum', 'Sum', 'all axis', { keep_dims: false }),
  ],
  weights: [weight('two', [2], []), weight('one', [1], []), weight('zero', [0], []), ints('axis', [0])],
  outputs: { square: 'square', sum: 'sum' },
};

async function numbersOf(result: unknown): Promise<number[][]> {
  const tensors = Object.values(result as Record<string, dl.Tensor>);
  const values = await Promise.all(tensors.map(async (each) => [...(await each.data())]));
  dl.dispose(tensors);
  return values;
}

/** The kernels that run meanwhile, as observers see them: a program runs unobserved. */
function kernelsOf(work: () => void): number {
  let kernels = 0;
  const stop = observeDevice({
    kernel: () => {
      kernels++;
    },
  });
  try {
    work();
  } finally {
    stop();
  }
  return kernels;
}

describe('A loaded model runs as programs', () => {
  let before: number;

  beforeEach(() => (before = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(before));

  it('and gives what it gives op by op, for each shape of its input', async () => {
    const model = await loadGraphModel(graphFiles(chain));
    const plain = await loadGraphModel(graphFiles(chain), { recorded: false });
    for (let call = 0; call < CALLS; call++) {
      for (const rows of [1, 3]) {
        const x = dl.tidy(() =>
          dl.tensor2d(
            Array.from({ length: 2 * rows }, (_, i) => i + call),
            [rows, 2],
          ),
        );
        const [found, wanted] = [await numbersOf(model.predict(x)), await numbersOf(plain.predict(x))];
        expect(found.map((values) => values.map(Math.fround))).toEqual(wanted);
        x.dispose();
      }
    }
    const x = dl.tidy(() => dl.ones([1, 2]));
    expect(kernelsOf(() => dl.dispose(model.predict(x)))).toBe(0);
    expect(kernelsOf(() => dl.dispose(plain.predict(x)))).toBeGreaterThan(3);
    x.dispose();
    model.dispose();
    plain.dispose();
  });

  it('between which the host reads, awaited by predictAsync', async () => {
    const model = await loadGraphModel(graphFiles(cut));
    const plain = await loadGraphModel(graphFiles(cut), { recorded: false });
    for (let call = 0; call < CALLS; call++) {
      const x = dl.tidy(() => dl.tensor1d([call, -1, 0.25 * call, 2]));
      const wanted = await numbersOf(plain.predict(x));
      expect(wanted[0]!.length).toBe([1, 2, 2, 3, 3][call]!);
      expect(await numbersOf(model.predict(x))).toEqual(wanted);
      expect(await numbersOf(await model.predictAsync(x))).toEqual(wanted);
      x.dispose();
    }
    expect(model.waits).toBeTrue();
    model.dispose();
    plain.dispose();
  });

  it('and follows weights that are assigned, and that are trained', async () => {
    const model = await loadGraphModel(graphFiles(chain));
    const x = dl.tidy(() => dl.tensor2d([1, 1], [1, 2]));
    const mean = async (): Promise<number> => (await numbersOf({ y: model.execute(x, 'mean') }))[0]![0]!;
    for (let call = 0; call < CALLS; call++) expect(await mean()).toBe(24.5);
    const b = dl.tidy(() => dl.tensor1d([-4, 3]));
    model.variables.b!.assign(b);
    for (let call = 0; call < CALLS; call++) expect(await mean()).toBe(40.5);
    model.trainable = true;
    const optimizer = dl.train.sgd(0.01);
    const losses: number[] = [];
    for (let step = 0; step < CALLS; step++) {
      const loss = optimizer.minimize(() => model.execute(x, 'mean').sum<dl.Scalar>(), true)!;
      losses.push((await loss.data())[0]!);
      loss.dispose();
    }
    expect(losses).toEqual([...losses].sort((p, q) => q - p));
    expect(await mean()).toBeLessThan(losses.at(-1));
    optimizer.dispose();
    dl.dispose([x, b]);
    model.dispose();
  });

  it('where a model of layers was loaded, too', async () => {
    const store = dl.memoryStore();
    const net = sequential([
      layers.dense({ units: 4, activation: 'tanh', inputShape: [3] }),
      layers.dense({ units: 2, activation: 'softmax' }),
    ]);
    await net.save(store);
    const model = await loadLayersModel(store);
    const x = dl.tidy(() => dl.tensor2d([1, 2, 3, -1, 0, 1], [2, 3]));
    const wanted = net.apply(x);
    const expected = [...(await wanted.data())];
    for (let call = 0; call < CALLS; call++) {
      const [found] = await numbersOf({ y: model.predict(x) });
      found!.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
    }
    expect(kernelsOf(() => dl.dispose(model.predict(x)))).toBe(0);
    dl.dispose([x, wanted]);
    net.dispose();
    model.dispose();
  });
});

describe('predict of a loaded model', () => {
  let before: number;

  beforeEach(() => (before = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(before));

  /** The rows that come, as tensors of their emissions. */
  const rows = (values: readonly (readonly number[])[]) =>
    from(values).pipe(dl.mapTensor((row) => dl.tensor2d([...row], [row.length / 2, 2])));

  const emitted = (
    model: GraphModel,
    options: dl.PredictOptions<ModelInputs>,
    values: readonly number[][],
  ): Promise<number[][]> =>
    lastValueFrom(
      rows(values).pipe(
        dl.predict(model, options),
        dl.mapTensor((result) => (result as NamedTensors).mean!),
        dl.download(),
        map((mean) => Array.from(mean as ArrayLike<number>)),
        toArray(),
      ),
    );

  const values = [
    [1, 1],
    [2, 0, 0, 1],
    [3, 3],
    [1, 2],
    [0, 0, 1, 1, 2, 2],
  ];

  it('takes the model itself', async () => {
    const model = await loadGraphModel(graphFiles(chain));
    const wanted = await Promise.all(
      values.map(async (row) => {
        const x = dl.tidy(() => dl.tensor2d(row, [row.length / 2, 2]));
        const [, mean] = await numbersOf(model.predict(x));
        x.dispose();
        return mean!;
      }),
    );
    expect(model.waits).toBeFalse();
    expect(await emitted(model, {}, values)).toEqual(wanted);
    model.dispose();
  });

  for (const [maxBatch, maxWait, runs] of [
    [4, 0, 4],
    [4, 5, 3],
    [1, 0, 5],
    [100, 5, 1],
  ] as const) {
    it(`joins values that wait: maxBatch ${maxBatch}, maxWait ${maxWait}`, async () => {
      const model = await loadGraphModel(graphFiles(chain));
      const run = spyOn(model, 'predictAsync').and.callThrough();
      const single = await emitted(model, {}, values);
      expect(run).not.toHaveBeenCalled();
      expect(await emitted(model, { maxBatch, maxWait }, values)).toEqual(single);
      expect(run.calls.count()).toBeLessThanOrEqual(runs);
      model.dispose();
    });
  }

  it('warms up for an example, and joins the values that wait behind it', async () => {
    const model = await loadGraphModel(graphFiles(chain));
    const single = await emitted(model, {}, values);
    const warmUp = (): ModelInputs => dl.zeros([1, 2]);
    expect(await emitted(model, { warmUp, maxBatch: 4 }, values)).toEqual(single);
    model.dispose();
  });

  it('fails where it cannot warm up for the example', async () => {
    const model = await loadGraphModel(graphFiles(chain));
    const warmUp = (): ModelInputs => dl.zeros([1, 3]);
    // Only what compiles warms up.
    if (dl.getBackend() === 'webgl')
      await expectAsync(emitted(model, { warmUp, maxBatch: 4 }, values)).toBeRejectedWithError(
        /input 'x' is float32 \[1, 3\]; wanted float32 \[any, 2\]/,
      );
    else expect((await emitted(model, { warmUp, maxBatch: 4 }, values)).length).toBe(values.length);
    model.dispose();
  });

  it('fails with the values of a batch that the model does not part', async () => {
    const whole: GraphDescription = {
      ...chain,
      outputs: { mean: 'all' },
      nodes: [...chain.nodes, node('all', 'Sum', 'mean first', { keep_dims: false })],
      weights: [...chain.weights!, ints('first', [0])],
    };
    const model = await loadGraphModel(graphFiles(whole));
    await expectAsync(
      lastValueFrom(rows(values).pipe(dl.predict(model, { maxBatch: 8 }), toArray())),
    ).toBeRejectedWithError(
      /predict: the model gave a tensor of shape \[\] as 'result' for \d rows of \d requests; wanted a tensor of \d rows/,
    );
    model.dispose();
  });
});
