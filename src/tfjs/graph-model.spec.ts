import * as tf from 'rxtensor/tfjs';
import { graphParts, node, placeholder, weight, type GraphDescription } from '../../test/support/graph-files';

const two: GraphDescription = {
  nodes: [
    placeholder('a', [-1]),
    placeholder('b', [-1]),
    node('sum', 'AddV2', 'a b'),
    node('scaled', 'Mul', 'sum w'),
  ],
  weights: [weight('w', [2], [1])],
  inputs: { first: 'a:0', second: 'b:0' },
  outputs: { out: 'scaled:0', plain: 'sum:0' },
};

async function loaded(description: GraphDescription): Promise<tf.GraphModel> {
  const { json, bytes } = graphParts(description);
  const { weightsManifest, ...rest } = json as { weightsManifest: { weights: tf.WeightsManifestEntry[] }[] };
  const weightData = bytes.slice().buffer;
  return tf.loadGraphModel(
    tf.io.fromMemory({ ...rest, weightSpecs: weightsManifest[0]!.weights, weightData }),
  );
}

describe('GraphModel of rxtensor/tfjs', () => {
  it('takes inputs by either name, or in order, and gives outputs in order', async () => {
    const model = await loaded(two);
    expect(model.inputNodes).toEqual(['first', 'second']);
    expect(model.outputNodes).toEqual(['out', 'plain']);
    expect(model.inputs).toEqual([
      { name: 'a', shape: [-1], dtype: 'float32' },
      { name: 'b', shape: [-1], dtype: 'float32' },
    ]);
    expect(model.outputs.map(({ name }) => name)).toEqual(['scaled', 'sum']);
    const [a, b] = [tf.tensor1d([1]), tf.tensor1d([10])];
    const given = [[a, b], { a, b }, { 'a:0': a, second: b }];
    for (const inputs of given) {
      const [out, plain] = model.predict(inputs as never) as tf.Tensor[];
      expect([await out!.data(), await plain!.data()]).toEqual([Float32Array.of(22), Float32Array.of(11)]);
      tf.dispose([out, plain]);
    }
    const one = (await model.executeAsync([a, b], 'sum:0')) as tf.Tensor;
    const same = model.execute([a, b], ['plain']) as tf.Tensor;
    expect([await one.data(), await same.data()]).toEqual([Float32Array.of(11), Float32Array.of(11)]);
    expect(() => model.predict({ a, c: b })).toThrowError(
      /^execute: argument 'inputs' is 'c'; wanted first, second/,
    );
    expect(Object.keys(model.weights)).toEqual(['w']);
    expect(model.variables.w!.trainable).toBe(false);
    tf.dispose([a, b, one, same]);
    model.dispose();
  });

  it('runs ops that a program has registered', async () => {
    const description: GraphDescription = {
      nodes: [placeholder('x', [2]), node('y', 'Twice', 'x', { times: 3 })],
    };
    await expectAsync(loaded(description)).toBeRejectedWithError(/ops that are not supported: Twice/);
    tf.registerOp('Twice', ({ inputs, attrs }) => tf.mul(inputs[0]!, attrs.times as number));
    const model = await loaded(description);
    tf.deregisterOp('Twice');
    const y = tf.tidy(() => model.predict(tf.tensor1d([1, 2])) as tf.Tensor);
    expect(await y.data()).toEqual(Float32Array.of(3, 6));
    tf.dispose(y);
    model.dispose();
    await expectAsync(loaded(description)).toBeRejectedWithError(/ops that are not supported: Twice/);
  });
});
