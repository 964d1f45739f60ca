import * as dl from 'rxtensor';
import { layers, loadLayersModel, sequential, type LayersModel } from 'rxtensor/models';
import { lastValueFrom, tap, toArray } from 'rxjs';

const SIDE = 6;
const COUNT = 24;

/** Pictures with a bright bar, upright or lying, and which it is. */
const y = Int32Array.from({ length: COUNT }, (_, i) => i % 2);
const x = {
  shape: [COUNT, SIDE, SIDE, 1],
  values: Float32Array.from({ length: COUNT * SIDE * SIDE }, (_, at) => {
    const [i, row, column] = [Math.floor(at / SIDE ** 2), Math.floor(at / SIDE) % SIDE, at % SIDE];
    return (y[i] === 0 ? column : row) === i % SIDE ? 1 : 0.1 * Math.sin(7 * at);
  }),
};

const convolutional = (): LayersModel =>
  sequential([
    layers.conv2d({ filters: 4, kernelSize: 3, inputShape: [SIDE, SIDE, 1] }),
    layers.batchNormalization({ momentum: 0.9 }),
    layers.reLU(),
    layers.maxPooling2d(),
    layers.flatten(),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 2 }),
  ]);

/** Trains for some epochs; the losses, and how many tensors there were after each step. */
async function train(model: LayersModel, epochs: number) {
  const adam = dl.train.adam(0.02);
  const tensors: number[] = [];
  const losses = await lastValueFrom(
    dl.examples({ x, y }, { epochs, shuffle: true, seed: 1 }).pipe(
      dl.batch(8),
      dl.trainStep(adam, (batch) =>
        dl.losses.softmaxCrossEntropy(dl.oneHot(batch.y, 2), model.apply(batch.x, { training: true })),
      ),
      tap(() => tensors.push(dl.memory().numTensors)),
      dl.download(),
      toArray(),
    ),
  );
  adam.dispose();
  return { losses: losses as readonly number[], tensors };
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const valuesOf = async (model: LayersModel): Promise<Map<string, number[]>> =>
  new Map(
    await Promise.all(
      Object.entries(model.variables).map(
        async ([name, each]) => [name, Array.from(await each.data())] as [string, number[]],
      ),
    ),
  );

describe('models of layers in training', () => {
  it('learn; moving statistics follow, and memory stays flat', async () => {
    const before = dl.memory().numTensors;
    dl.setSeed(11);
    const net = convolutional();
    const first = await valuesOf(net);
    const { losses, tensors } = await train(net, 20);
    expect(mean(losses.slice(-6))).toBeLessThan(0.5 * mean(losses.slice(0, 6)));
    // After the first step the optimizer has its slots.
    expect(new Set(tensors.slice(1)).size).toBe(1);
    const last = await valuesOf(net);
    for (const [name, values] of last) expect(values).withContext(name).not.toEqual(first.get(name)!);
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('take the same steps again from the same seed', async () => {
    const run = async () => {
      dl.setSeed(11);
      const net = convolutional();
      const { losses } = await train(net, 2);
      net.dispose();
      return losses;
    };
    expect(await run()).toEqual(await run());
  });

  it('move the statistics of batch normalization by the momentum', async () => {
    const before = dl.memory().numTensors;
    const net = sequential([layers.batchNormalization({ momentum: 0.9, inputShape: [1] })]);
    const [given, result] = dl.tidy(() => {
      const batch = dl.tensor2d([[1], [5]]);
      return [batch, net.apply(batch, { training: true })];
    }) as [dl.Tensor, dl.Tensor];
    expect((await net.variables['batch_normalization/moving_mean']!.data())[0]).toBeCloseTo(0.1 * 3, 5);
    expect((await net.variables['batch_normalization/moving_variance']!.data())[0]).toBeCloseTo(
      0.9 + 0.1 * 4,
      5,
    );
    net.trainable = false;
    const frozen = net.apply(given, { training: true });
    expect((await net.variables['batch_normalization/moving_mean']!.data())[0]).toBeCloseTo(0.3, 5);
    dl.dispose([given, result, frozen]);
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('are tuned: the body of a loaded model frozen, a new head trained, then all of it', async () => {
    const before = dl.memory().numTensors;
    dl.setSeed(12);
    const store = dl.memoryStore();
    const trained = convolutional();
    await train(trained, 5);
    await trained.save(store);
    trained.dispose();

    const loaded = await loadLayersModel(store);
    const body = loaded.layers.slice(0, -1);
    for (const layer of body) layer.trainable = false;
    const net = sequential([...body, layers.dense({ units: 2, name: 'head' })]);
    const first = await valuesOf(net);
    const { losses } = await train(net, 20);
    expect(mean(losses.slice(-6))).toBeLessThan(mean(losses.slice(0, 6)));
    const tuned = await valuesOf(net);
    for (const [name, values] of tuned) {
      if (name.startsWith('head/')) expect(values).withContext(name).not.toEqual(first.get(name)!);
      else expect(values).withContext(name).toEqual(first.get(name)!);
    }
    net.trainable = true;
    await train(net, 2);
    const all = await valuesOf(net);
    for (const [name, values] of all) expect(values).withContext(name).not.toEqual(tuned.get(name)!);
    net.dispose();
    loaded.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('stand in streams as functions', async () => {
    const before = dl.memory().numTensors;
    const net = convolutional();
    const rows = await lastValueFrom(
      dl.examples({ x }).pipe(
        dl.batch(6),
        dl.mapTensor((batch) => net.predict(batch.x) as dl.Tensor),
        dl.download(),
        toArray(),
      ),
    );
    expect(rows.length).toBe(4);
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });
});
