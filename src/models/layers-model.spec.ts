import * as dl from 'rxtensor';
import { weigh } from '../../test/support/layer-values';
import {
  customLayer,
  input,
  layers,
  loadLayersModel,
  model,
  sequential,
  toDownload,
  toServer,
  type ModelFiles,
} from '.';
import type { LayersModel } from '.';

/** A sink that keeps files, and reads them. */
function folder(): ModelFiles & {
  readonly write: (path: string, bytes: Uint8Array) => Promise<void>;
  readonly files: Map<string, Uint8Array>;
} {
  const files = new Map<string, Uint8Array>();
  return {
    name: 'a folder',
    files,
    write: (path, bytes) => {
      files.set(path, bytes);
      return Promise.resolve();
    },
    readFirst: () => Promise.resolve(files.get('model.json')!),
    read: (path) => Promise.resolve(files.get(path)!),
  };
}

const small = (): LayersModel =>
  sequential([layers.dense({ units: 3, activation: 'relu', inputShape: [2] }), layers.dense({ units: 1 })]);

/** Encoder and decoder as models in a model, a layer that is called twice, two inputs and two outputs. */
function nested(): LayersModel {
  const encoder = sequential([layers.dense({ units: 3, inputShape: [2] })], { name: 'encoder' });
  const half = input({ shape: [3], name: 'half' });
  const decoder = model({
    inputs: half,
    outputs: layers.dense({ units: 2, name: 'dense' }).apply(half),
    name: 'decoder',
  });
  const shared = layers.dense({ units: 2, name: 'shared', activation: 'tanh' });
  const [a, b] = [input({ shape: [2], name: 'a' }), input({ shape: [2], name: 'b' })];
  const both = layers.add().apply([shared.apply(a), shared.apply(b)]);
  const decoded = decoder.apply(encoder.apply(both));
  return model({ inputs: [a, b], outputs: [decoded, both], name: 'whole' });
}

describe('models of layers', () => {
  it('sequential applies layer after layer', async () => {
    const before = dl.memory().numTensors;
    const net = small();
    expect(Object.keys(net.variables)).toEqual([
      'dense/kernel',
      'dense/bias',
      'dense_1/kernel',
      'dense_1/bias',
    ]);
    expect(net.inputs).toEqual([{ name: 'dense_input', shape: [null, 2], dtype: 'float32' }]);
    expect(net.outputs).toEqual([{ name: 'dense_1', shape: [null, 1], dtype: 'float32' }]);
    weigh(net.layers[0]!, { kernel: [1, 0, -1, 0, 1, -1], bias: [0, 0, 0] });
    weigh(net.layers[1]!, { kernel: [1, 10, 100], bias: [0.5] });
    const [x, y] = dl.tidy(() => [dl.tensor2d([[1, 2]]), net.predict([[1, 2]]) as dl.Tensor]);
    expect(Array.from(await y.data())).toEqual([21.5]);
    const later = (await net.predictAsync(x)) as dl.Tensor;
    const applied = net.apply(x);
    expect(await later.data()).toEqual(await applied.data());
    dl.dispose([x, y, later, applied]);
    net.dispose();
    expect(() => net.predict([[1, 2]])).toThrowError(/disposed/);
    expect(dl.memory().numTensors).toBe(before);
  });

  it('another model goes on from what one of the layers gives, and shares the weights', async () => {
    const before = dl.memory().numTensors;
    const trained = nested();
    const head = layers.dense({ units: 1, name: 'head' });
    const tuned = model({
      inputs: trained.symbolicInputs,
      outputs: head.apply(trained.symbolicOutput('add')),
    });
    expect(tuned.variables['shared/kernel']).toBe(trained.variables['shared/kernel']);
    const [a, b] = [dl.ones([1, 2]), dl.zeros([1, 2])];
    const results = trained.predict([a, b]) as Readonly<Record<string, dl.Tensor>>;
    const wanted = head.apply(results.add!);
    const found = tuned.apply([a, b]);
    expect(await found.data()).toEqual(await wanted.data());
    expect(() => trained.symbolicOutput('adds')).toThrowError(
      "symbolicOutput: argument 'layer' is 'adds'; wanted the name of a layer of 'whole', as summary() lists them",
    );
    // An input is no layer to go on from.
    expect(() => trained.symbolicOutput('a')).toThrowError(/wanted the name of a layer/);
    dl.dispose([a, b, results, wanted, found]);
    tuned.dispose();
    trained.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('sequential without a shape makes its weights at the first call', () => {
    const before = dl.memory().numTensors;
    const net = sequential([layers.flatten(), layers.dense({ units: 1 })]);
    expect(net.variables).toEqual({});
    expect(() => net.inputs).toThrowError(/the shape of the input is not known yet/);
    const [x, other] = [dl.ones([5, 2, 3]), dl.ones([1, 2, 3])];
    const y = net.predict(x);
    expect(net.variables['dense/kernel']?.shape).toEqual([6, 1]);
    const z = net.apply(other);
    expect([y.shape, z.shape]).toEqual([
      [5, 1],
      [1, 1],
    ]);
    dl.dispose([x, other, y, z]);
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('may have models in them, layers that are shared, several inputs and outputs', async () => {
    const before = dl.memory().numTensors;
    const net = nested();
    expect(Object.keys(net.variables)).toEqual([
      'shared/kernel', 'shared/bias', 'encoder/dense/kernel', 'encoder/dense/bias', 'decoder/dense/kernel', 'decoder/dense/bias',
    ]); // prettier-ignore
    const [a, b] = [dl.tensor2d([[1, 2]]), dl.tensor2d([[3, 4]])];
    const named = net.predict({ b, a }) as Record<string, dl.Tensor>;
    expect(Object.keys(named)).toEqual(['decoder', 'add']);
    const listed = net.applyAll([a, b]);
    expect(await listed[0]!.data()).toEqual(await named.decoder!.data());
    const shared = net.layers.find(({ name }) => name === 'shared')!;
    const sum = dl.tidy(() => dl.add(shared.apply(a), shared.apply(b)));
    expect(await sum.data()).toEqual(await named.add!.data());
    expect(() => net.apply([a, b])).toThrowError(/has 2 outputs; wanted applyAll/);
    dl.dispose([a, b, named, listed, sum]);
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('are saved and loaded with the same weights, bit by bit', async () => {
    const before = dl.memory().numTensors;
    const net = nested();
    const [a, b] = [dl.tensor2d([[1, 2]]), dl.tensor2d([[3, 4]])];
    const wanted = net.applyAll([a, b]);
    const [files, store] = [folder(), dl.memoryStore()];
    await net.save(files);
    await net.save(store);
    for (const source of [files, store]) {
      const again = await loadLayersModel(source);
      expect(Object.keys(again.variables)).toEqual(Object.keys(net.variables));
      for (const [name, variable] of Object.entries(net.variables))
        expect(await again.variables[name]!.data()).toEqual(await variable.data());
      expect(again.summary()).toBe(net.summary());
      const found = again.applyAll([a, b]);
      for (const [i, each] of wanted.entries()) expect(await found[i]!.data()).toEqual(await each.data());
      dl.dispose(found);
      again.dispose();
    }
    // What is chosen in a page, too.
    const chosen = ['model.json', 'group1-shard1of1.bin'].map(
      (name) => new File([files.files.get(name)! as Uint8Array<ArrayBuffer>], name),
    );
    (await loadLayersModel(chosen)).dispose();
    dl.dispose([a, b, wanted]);
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('keep in a store what cannot be anything else', async () => {
    const before = dl.memory().numTensors;
    const store = dl.memoryStore();
    await expectAsync(loadLayersModel(store)).toBeRejectedWithError(
      'loadLayersModel: the memory store gave null; wanted a model that was saved there',
    );
    await store.save(new Uint8Array([1, 2, 3]));
    await expectAsync(loadLayersModel(store)).toBeRejectedWithError(
      /the memory store holds 3 bytes; wanted a model/,
    );
    await store.save(new Uint8Array(16).fill(255));
    await expectAsync(loadLayersModel(store)).toBeRejectedWithError(
      /holds 16 bytes and a model of \d+; wanted a model/,
    );
    expect(dl.memory().numTensors).toBe(before);
  });

  it('go to a server in one form', async () => {
    const before = dl.memory().numTensors;
    const net = small();
    const sent: { address: string; init: RequestInit }[] = [];
    let status = 200;
    const fetch = ((address: string, init: RequestInit) => {
      sent.push({ address, init });
      return Promise.resolve(new Response(null, { status }));
    }) as typeof globalThis.fetch;
    await net.save(toServer('/models', { fetch, headers: { who: 'me' } }));
    const [{ address, init }] = sent as [(typeof sent)[0]];
    expect([address, init.method, init.headers]).toEqual(['/models', 'POST', { who: 'me' }]);
    const form = init.body as FormData;
    expect([...form.keys()]).toEqual(['model.weights.bin', 'model.json']);
    const chosen = [form.get('model.json'), form.get('model.weights.bin')] as File[];
    (await loadLayersModel(chosen)).dispose();
    status = 500;
    await expectAsync(net.save(toServer('/models', { fetch }))).toBeRejectedWithError(
      'toServer: /models answered with status 500; wanted 200',
    );
    expect(() => toServer('')).toThrowError("toServer: argument 'address' is ''; wanted an address");
    expect(() => toDownload('')).toThrowError(
      "toDownload: argument 'name' is ''; wanted a name for the files",
    );
    await expectAsync(net.save({} as never)).toBeRejectedWithError(
      /save: argument 'sink' is an object; wanted a store/,
    );
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('have a summary', () => {
    const net = small();
    net.layers[0]!.trainable = false;
    expect(net.summary().split('\n')).toEqual([
      'layer                     output shape  parameters',
      'dense_input (InputLayer)  [?, 2]        0',
      'dense (Dense)             [?, 3]        9',
      'dense_1 (Dense)           [?, 1]        4',
      'parameters: 13, of which 4 are trained',
    ]);
    net.dispose();
  });

  it('are trained in part, and moving statistics never', () => {
    const net = sequential([
      layers.dense({ units: 2, inputShape: [2], trainable: false }),
      layers.batchNormalization(),
      layers.dense({ units: 1 }),
    ]);
    const trained = () =>
      Object.entries(net.variables)
        .filter(([, each]) => each.trainable)
        .map(([name]) => name);
    const all = ['batch_normalization/gamma', 'batch_normalization/beta', 'dense_1/kernel', 'dense_1/bias'];
    expect(trained()).toEqual(all);
    net.trainable = false;
    expect(trained()).toEqual([]);
    net.trainable = true;
    expect(trained()).toEqual(['dense/kernel', 'dense/bias', ...all]);
    net.dispose();
  });

  it('repeat their first weights after setSeed', async () => {
    const values = async () => {
      dl.setSeed(3);
      const net = small();
      const all = await Promise.all(
        Object.values(net.variables).map(async (each) => Array.from(await each.data())),
      );
      net.dispose();
      return all;
    };
    expect(await values()).toEqual(await values());
  });

  it('have layers of one’s own, which files name', async () => {
    const before = dl.memory().numTensors;
    const scaled = customLayer({
      name: 'Scaled',
      weights: ([shape]) => ({ by: { shape: [shape!.at(-1)!], initializer: 'ones' } }),
      call: (x, { weight, config }) => dl.mul(dl.mul(x, weight('by')), Number(config.factor)),
    });
    const shuffle = customLayer({
      name: 'PixelShuffle',
      outputShape: ([shape]) => [shape![0]!, null, null, 1],
      call: (x) => dl.depthToSpace(x, 2),
    });
    const net = sequential([scaled({ factor: 3, inputShape: [2, 2, 4], name: 'scale' }), shuffle()]);
    const x = dl.ones([1, 2, 2, 4]);
    const y = net.apply(x);
    expect([y.shape, net.outputs[0]!.shape]).toEqual([[1, 4, 4, 1], [null, null, null, 1]]); // prettier-ignore
    expect(Array.from(await y.data())).toEqual(Array<number>(16).fill(3));
    const files = folder();
    await net.save(files);
    await expectAsync(loadLayersModel(files)).toBeRejectedWithError(/not supported: .*Scaled \(1\)/);
    const again = await loadLayersModel(files, { layers: { Scaled: scaled, PixelShuffle: shuffle } });
    const same = again.apply(x);
    expect(await same.data()).toEqual(await y.data());
    await expectAsync(loadLayersModel(files, { layers: { Scaled: 5 as never } })).toBeRejectedWithError(
      "loadLayersModel: argument 'layers.Scaled' is 5; wanted what customLayer gives",
    );
    expect(() => customLayer({ name: '' } as never)).toThrowError(/customLayer: argument 'name' is ''/);
    expect(() => customLayer({ name: 'A' } as never)).toThrowError(
      /customLayer: argument 'call' is undefined/,
    );
    dl.dispose([x, y, same]);
    net.dispose();
    again.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('run without tensors left over, and free what is in between', () => {
    const net = nested();
    const [a, b] = [dl.tensor2d([[1, 2]]), dl.tensor2d([[3, 4]])];
    const before = dl.memory().numTensors;
    for (let run = 0; run < 3; run++) dl.dispose(net.applyAll([a, b]));
    expect(dl.memory().numTensors).toBe(before);
    dl.dispose([a, b]);
    net.dispose();
  });

  it('are warmed up like other functions', async () => {
    const before = dl.memory().numTensors;
    const known = small();
    const x = dl.ones([1, 2]);
    await dl.warmUp((each: dl.Tensor) => known.predict(each) as dl.Tensor, x);
    x.dispose();
    known.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });

  it('say what is wrong', () => {
    const before = dl.memory().numTensors;
    const x = input({ shape: [2], name: 'x' });
    const dense = layers.dense({ units: 1 });
    const twice = layers.dense({ units: 1, name: 'twice' });
    const wrong: readonly (readonly [() => unknown, RegExp])[] = [
      [() => sequential([]), /sequential: argument 'layers' is \[\]; wanted a list of layers/],
      [() => sequential([dense, dense]), /sequential: a layer is there twice/],
      [
        () => sequential([layers.dense({ units: 1, inputShape: [null] })]),
        /wanted inputs whose last axis is known/,
      ],
      [
        () => sequential([layers.flatten({ inputShape: [2] }), layers.conv2d({ filters: 1, kernelSize: 1 })]),
        /Conv2D 'conv2d': the input is \[\?, 2\]; wanted one of rank 4/,
      ],
      [
        () => model({ inputs: x, outputs: dense.apply(input({ shape: [2], name: 'other' })) }),
        /depends on the input 'other'/,
      ],
      [() => model({ inputs: dense.apply(x), outputs: dense.apply(x) }), /wanted what input\(\) gives/],
      [
        () => model({ inputs: x, outputs: twice.apply(layers.dense({ units: 2, name: 'twice' }).apply(x)) }),
        /two layers have the name 'twice'/,
      ],
      [() => model({ inputs: x, outputs: 5 as never }), /model: argument 'outputs' is 5/],
      [
        () => model({ ...{ input: x } } as never),
        /model: there is no option 'input'; the nearest is 'inputs'/,
      ],
      [() => input({}), /input: there is no shape; wanted 'shape' or 'batchShape'/],
      [() => input({ shape: [1.5] }), /input: argument 'shape' is \[1.5\]/],
      [() => input({ shape: [1], dtype: 'float16' as never }), /input: argument 'dtype' is 'float16'/],
      [() => dense.apply(5 as never), /dense: argument 'inputs' is 5; wanted tensors, or values/],
    ];
    for (const [make, message] of wrong) expect(make).toThrowError(message);
    const net = small();
    expect(() => net.predict([[1, 2, 3]])).toThrowError(
      "predict: input 'dense_input' is float32 [1, 3]; wanted a tensor [any, 2]",
    );
    expect(() => net.predict({ nobody: [[1, 2]] })).toThrowError(/predict: argument 'inputs' has 'nobody'/);
    net.dispose();
    expect(dl.memory().numTensors).toBe(before);
  });
});
