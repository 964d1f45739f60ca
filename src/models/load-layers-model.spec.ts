import * as dl from '../tensor';
import { testRun } from '../../test/support/test-run';
import { filesWith, joined, weight } from '../../test/support/graph-files';
import { denseModel, kerasFiles, kerasJson, kerasLayer, kerasTensor } from '../../test/support/keras-files';
import { loadLayersModel, type LayersModel, type ModelFiles } from '.';

const kernel = weight('dense/kernel', [1, 10], [2, 1]);

/** What a model gives for a row. */
async function forRow(model: LayersModel, ...row: readonly number[]): Promise<number[]> {
  const y = dl.tidy(() => model.predict(dl.tensor2d([...row], [1, row.length])) as dl.Tensor);
  const values = Array.from(await y.data());
  y.dispose();
  model.dispose();
  return values;
}

const inputLayer = (name: string, config: object = {}): object =>
  kerasLayer(
    'InputLayer',
    { name, batch_input_shape: [null, 2], dtype: 'float32', sparse: false, ...config },
    { name, inbound_nodes: [] },
  );

const functional = (layers: readonly object[], inputs: unknown, outputs: unknown): object => ({
  class_name: 'Functional',
  config: { name: 'model', layers, input_layers: inputs, output_layers: outputs },
});

describe('loadLayersModel', () => {
  let before = 0;
  beforeEach(() => (before = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(before));

  it('reads models of Keras 2, whole or bare', async () => {
    expect(await forRow(await loadLayersModel(kerasFiles(denseModel(), [kernel])), 1, 2)).toEqual([21]);
    const json = { ...kerasJson({}, [kernel]), modelTopology: denseModel() };
    const files = filesWith(json, { 'weights.bin': joined([kernel.stored]) });
    expect(await forRow(await loadLayersModel(files), 1, 2)).toEqual([21]);
  });

  it('reads models of Keras 3: batch_shape, args and kwargs', async () => {
    const module = { module: 'keras.layers', registered_name: null };
    const dense = (name: string) =>
      kerasLayer(
        'Dense',
        {
          name,
          trainable: true,
          dtype: {
            module: 'keras',
            class_name: 'DTypePolicy',
            config: { name: 'float32' },
            registered_name: null,
          },
          units: 1,
          activation: 'linear',
          use_bias: false,
          kernel_initializer: {
            module: 'keras.initializers',
            class_name: 'GlorotUniform',
            config: { seed: null },
            registered_name: null,
          },
        },
        {
          ...module,
          name,
          inbound_nodes: [{ args: [kerasTensor('x')], kwargs: {} }],
          build_config: { input_shape: [null, 2] },
        },
      );
    const topology = functional(
      [
        kerasLayer(
          'InputLayer',
          { name: 'x', batch_shape: [null, 2], dtype: 'float32' },
          { ...module, name: 'x', inbound_nodes: [] },
        ),
        dense('a'),
        dense('b'),
        kerasLayer(
          'Add',
          { name: 'add' },
          {
            ...module,
            name: 'add',
            inbound_nodes: [{ args: [[kerasTensor('a'), kerasTensor('b')]], kwargs: {} }],
          },
        ),
        kerasLayer(
          'Dropout',
          { name: 'drop', rate: 0.5 },
          {
            ...module,
            name: 'drop',
            inbound_nodes: [{ args: [kerasTensor('add')], kwargs: { training: false } }],
          },
        ),
      ],
      ['x', 0, 0],
      ['drop', 0, 0],
    );
    const weights = [weight('model/a/kernel', [1, 2], [2, 1]), weight('model/b/kernel', [10, 20], [2, 1])];
    const model = await loadLayersModel(kerasFiles(topology, weights));
    expect(model.inputs).toEqual([{ name: 'x', shape: [null, 2], dtype: 'float32' }]);
    expect(await forRow(model, 1, 1)).toEqual([33]);
  });

  it('finds weights by the names of all versions', async () => {
    const lstm = (name: string): object => ({
      class_name: 'Sequential',
      config: {
        name: 'net',
        layers: [
          inputLayer('x', { batch_input_shape: [null, 1, 1] }),
          kerasLayer('LSTM', { name, units: 1 }),
        ],
      },
    });
    const [k, r, b] = [
      [1, 1, 1, 1],
      [2, 2, 2, 2],
      [0, 0, 0, 0],
    ];
    const load = async (names: readonly [string, string, string]) => {
      const weights = [weight(names[0], k, [1, 4]), weight(names[1], r, [1, 4]), weight(names[2], b)];
      const model = await loadLayersModel(kerasFiles(lstm('lstm'), weights));
      const found = Array.from(await model.variables['lstm/recurrent_kernel']!.data());
      model.dispose();
      return found;
    };
    const stems = ['lstm/', 'lstm/lstm_cell/', 'lstm/lstm_cell_3/', 'net/lstm/lstm_cell/', 'net/lstm/'];
    for (const stem of stems)
      expect(await load([`${stem}kernel`, `${stem}recurrent_kernel`, `${stem}bias:0`]))
        .withContext(stem)
        .toEqual([2, 2, 2, 2]);
    expect(await load(['lstm/cell/vars/0', 'lstm/cell/vars/1', 'lstm/cell/vars/2'])).toEqual([2, 2, 2, 2]);
  });

  it('reads layers that are called again, models in models, and calls out of order', async () => {
    const inner = functional(
      [
        inputLayer('i'),
        kerasLayer(
          'Dense',
          { name: 'dense', units: 2, use_bias: false },
          { name: 'dense', inbound_nodes: [[['i', 0, 0, {}]]] },
        ),
      ],
      [['i', 0, 0]],
      [['dense', 0, 0]],
    );
    const topology = functional(
      [
        kerasLayer('Subtract', { name: 'sub' }, { name: 'sub', inbound_nodes: [[['inner', 2, 0, {}], ['inner', 1, 0, {}]]] }), // prettier-ignore
        { ...inner, name: 'inner', inbound_nodes: [[['x', 0, 0, {}]], [['inner', 1, 0, {}]]] },
        inputLayer('x'),
      ],
      [['x', 0, 0]],
      [['sub', 0, 0]],
    );
    const files = kerasFiles(topology, [weight('dense/kernel', [2, 0, 0, 3], [2, 2])]);
    expect(await forRow(await loadLayersModel(files), 1, 1)).toEqual([4 - 2, 9 - 3]);
  });

  it('hears of progress, and stops when aborted', async () => {
    const heard: unknown[] = [];
    const model = await loadLayersModel(kerasFiles(denseModel(), [kernel]), {
      onProgress: (progress) => heard.push(progress),
    });
    expect(heard).toEqual([{ bytes: 8, total: 8 }]);
    model.dispose();
    await expectAsync(
      loadLayersModel(kerasFiles(denseModel(), [kernel]), { signal: AbortSignal.abort('enough') }),
    ).toBeRejectedWithError('loadLayersModel: the loading was aborted: enough');
  });

  it('keeps what is frozen frozen, and runs batch normalization of it as it is', async () => {
    const topology = denseModel({ trainable: false });
    const model = await loadLayersModel(kerasFiles(topology, [kernel]));
    expect(model.variables['dense/kernel']!.trainable).toBe(false);
    model.dispose();
  });

  it('names all unsupported layers at once, also deep inside', async () => {
    const lambda = kerasLayer('Lambda', { name: 'lambda' });
    const topology = {
      class_name: 'Sequential',
      config: {
        name: 's',
        layers: [
          inputLayer('x'),
          lambda,
          kerasLayer('TimeDistributed', { name: 't', layer: kerasLayer('Magic', { name: 'm' }) }),
          lambda,
        ],
      },
    };
    await expectAsync(loadLayersModel(kerasFiles(topology))).toBeRejectedWithError(
      "loadLayersModel: these layers of the model are not supported: Lambda (2), Magic (1); wanted layers of docs/models.md, or option 'layers' with them",
    );
  });

  const faults: Readonly<Record<string, readonly [ModelFiles, RegExp]>> = {
    'a graph': [
      filesWith({ modelTopology: { node: [] } }),
      /the model is undefined; wanted one of Sequential.*loadGraphModel/,
    ],
    HTML: [filesWith('<html>'), /is no JSON; found a page of HTML/],
    'no layers': [
      kerasFiles({ class_name: 'Sequential', config: { name: 's', layers: [] } }),
      /a sequential model has no layers/,
    ],
    'no name': [
      kerasFiles({
        class_name: 'Sequential',
        config: { name: 's', layers: [kerasLayer('Dense', { units: 1 })] },
      }),
      /'name' is undefined; wanted a text/,
    ],
    'a wrong setting': [
      kerasFiles(denseModel({ units: -1 })),
      /Dense ''dense'': 'units' is -1; wanted a positive integer/,
    ],
    'a missing weight': [kerasFiles(denseModel()), /1 weights are not in the files: 'dense\/kernel'/],
    'a weight too many': [
      kerasFiles(denseModel(), [kernel, weight('other', [1])]),
      /1 weights belong to no layer: 'other'/,
    ],
    'another shape': [
      kerasFiles(denseModel(), [weight('dense/kernel', [1, 2, 3], [3, 1])]),
      /the weight 'dense\/kernel' is \[3, 1\] in the file; wanted \[2, 1\]/,
    ],
    'a truncated file': [
      filesWith(kerasJson(denseModel(), [kernel]), { 'weights.bin': new Uint8Array(7) }),
      /hold 7 bytes; wanted 8/,
    ],
    'a huge weight': [
      kerasFiles(denseModel({ units: 2 ** 40 }), [kernel]),
      /is \[2, 1\] in the file; wanted \[2, 1099511627776\]/,
    ],
    'an unknown shape': [
      kerasFiles(denseModel({ batch_input_shape: [null, null] }), [kernel]),
      /wanted inputs whose last axis is known/,
    ],
    'a circle': [
      kerasFiles(
        functional(
          [
            inputLayer('x'),
            kerasLayer('Add', { name: 'a' }, { name: 'a', inbound_nodes: [[['x', 0, 0], ['b', 0, 0]]] }), // prettier-ignore
            kerasLayer('ReLU', { name: 'b' }, { name: 'b', inbound_nodes: [[['a', 0, 0]]] }),
          ],
          [['x', 0, 0]],
          [['b', 0, 0]],
        ),
      ),
      /the layer 'a' is called with 'x', 'b', which is not there, or depends on it/,
    ],
    'a prototype key': [
      kerasFiles(
        functional(
          [
            inputLayer('x'),
            kerasLayer(
              'ReLU',
              { name: '__proto__' },
              { name: '__proto__', inbound_nodes: [[['constructor', 0, 0]]] },
            ),
          ],
          [['x', 0, 0]],
          [['__proto__', 0, 0]],
        ),
      ),
      /the layer '__proto__' is called with 'constructor'/,
    ],
    'a class of the prototype': [
      kerasFiles({
        class_name: 'Sequential',
        config: { name: 's', layers: [kerasLayer('constructor', { name: 'a' })] },
      }),
      /not supported: constructor/,
    ],
    'two of one name': [
      kerasFiles(functional([inputLayer('x'), inputLayer('x')], [['x', 0, 0]], [['x', 0, 0]])),
      /two layers have the name 'x'/,
    ],
    'no outputs': [
      kerasFiles(functional([inputLayer('x')], [['x', 0, 0]], [])),
      /has 1 inputs and 0 outputs/,
    ],
    'an argument': [
      kerasFiles(
        functional(
          [
            inputLayer('x'),
            kerasLayer('ReLU', { name: 'a' }, { name: 'a', inbound_nodes: [[['x', 0, 0, { what: 3 }]]] }),
          ],
          [['x', 0, 0]],
          [['a', 0, 0]],
        ),
      ),
      /'a' is called with 'what' of 3; wanted training or use_causal_mask/,
    ],
  };
  for (const [name, [files, message]] of Object.entries(faults)) {
    it(`says what is wrong: ${name}`, async () => {
      await expectAsync(loadLayersModel(files)).toBeRejectedWithError(message);
      await expectAsync(loadLayersModel(files)).toBeRejectedWithError(/^loadLayersModel/);
    });
  }

  it('refuses models that are nested without end', async () => {
    let topology = denseModel();
    for (let depth = 0; depth < 100; depth++)
      topology = { class_name: 'Sequential', config: { name: `s${depth}`, layers: [topology] } };
    await expectAsync(loadLayersModel(kerasFiles(topology, [kernel]))).toBeRejectedWithError(
      /nested more than 32 deep/,
    );
  });

  it('takes known options only', async () => {
    await expectAsync(
      loadLayersModel(kerasFiles(denseModel(), [kernel]), { layer: {} } as never),
    ).toBeRejectedWithError(/loadLayersModel: there is no option 'layer'; the nearest is 'layers'/);
    await expectAsync(loadLayersModel(5 as never)).toBeRejectedWithError(
      /loadLayersModel: argument 'source' is 5; wanted an address/,
    );
  });
});

describe('a file of a model of layers that is damaged', () => {
  /** Threads of numbers that are the same for a seed (a linear congruential generator). */
  function generator(seed: number): (below: number) => number {
    let state = seed >>> 0;
    return (below) => {
      state = (state * 1664525 + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }

  const call = (...from: string[]) => ({ inbound_nodes: [from.map((name) => [name, 0, 0, {}])] });
  const topology = functional(
    [
      inputLayer('x', { batch_input_shape: [null, 4, 4, 1] }),
      kerasLayer(
        'Conv2D',
        { name: 'c', filters: 2, kernel_size: [2, 2], padding: 'same' },
        { name: 'c', ...call('x') },
      ),
      kerasLayer('BatchNormalization', { name: 'n', axis: [3] }, { name: 'n', ...call('c') }),
      kerasLayer('Add', { name: 'a' }, { name: 'a', ...call('c', 'n') }),
      kerasLayer('Reshape', { name: 'r', target_shape: [4, -1] }, { name: 'r', ...call('a') }),
      kerasLayer(
        'Bidirectional',
        { name: 'b', layer: kerasLayer('GRU', { name: 'g', units: 2 }) },
        { name: 'b', ...call('r') },
      ),
      kerasLayer('Dense', { name: 'd', units: 2 }, { name: 'd', ...call('b') }),
    ],
    [['x', 0, 0]],
    [['d', 0, 0]],
  );
  const shapes = {
    'c/kernel': [2, 2, 1, 2], 'c/bias': [2], 'n/gamma': [2], 'n/beta': [2], 'n/moving_mean': [2], 'n/moving_variance': [2],
    'b/forward_g/kernel': [8, 6], 'b/forward_g/recurrent_kernel': [2, 6], 'b/forward_g/bias': [2, 6],
    'b/backward_g/kernel': [8, 6], 'b/backward_g/recurrent_kernel': [2, 6], 'b/backward_g/bias': [2, 6],
    'd/kernel': [4, 2], 'd/bias': [2],
  }; // prettier-ignore
  const weights = Object.entries(shapes).map(([name, shape]) =>
    weight(name, Array<number>(shape.reduce((size, extent) => size * extent, 1)).fill(0.5), shape),
  );
  const odd = [null, -1, 0, 1.5, 2 ** 40, 'x', '__proto__', [], {}, true, [[[[]]]], 1e308];

  /** Changes something of a JSON value, anywhere. */
  function mutated(json: unknown, below: (n: number) => number): unknown {
    if (typeof json !== 'object' || json === null || below(8) === 0) return odd[below(odd.length)];
    const copy: Record<string, unknown> | unknown[] = Array.isArray(json)
      ? [...(json as unknown[])]
      : { ...json };
    const keys = Object.keys(copy);
    if (keys.length === 0) return odd[below(odd.length)];
    const key = keys[below(keys.length)]!;
    const target = copy as Record<string, unknown>;
    if (below(6) === 0) Reflect.deleteProperty(target, key);
    else target[key] = mutated(target[key], below);
    return copy;
  }

  it('runs, or is refused by name, and nothing is left', async () => {
    const before = dl.memory().numTensors;
    const bytes = joined(weights.map(({ stored }) => stored));
    const good = kerasJson(topology, weights);
    const whole = await loadLayersModel(filesWith(good, { 'weights.bin': bytes }));
    const wanted = dl.tidy(() => (whole.predict(dl.ones([1, 4, 4, 1])) as dl.Tensor).shape);
    expect(wanted).toEqual([1, 2]);
    whole.dispose();
    const { hostile = 300, seed = 1 } = testRun();
    const below = generator(seed);
    let refused = 0;
    for (let i = 0; i < hostile; i++) {
      const json = mutated(good, below);
      const text = below(20) === 0 ? JSON.stringify(json).slice(0, below(500)) : JSON.stringify(json);
      const content = below(10) === 0 ? bytes.subarray(0, below(bytes.length)) : bytes;
      try {
        const model = await loadLayersModel(filesWith(text, { 'weights.bin': content }));
        const shape = model.inputs[0]!.shape!.map((extent) => extent ?? 1);
        if (shape.reduce((size, extent) => size * extent, 1) < 1e5) {
          try {
            dl.tidy(() => void model.predict(dl.ones(shape)));
          } catch (error) {
            expect((error as Error).constructor)
              .withContext(text)
              .toBe(Error);
          }
        }
        model.dispose();
      } catch (error) {
        refused++;
        const { message, constructor, stack } = error as Error;
        if (constructor !== Error || !/^load(Layers|Graph)Model/.test(message)) fail(`${text}: ${stack}`);
      }
    }
    expect(refused).toBeGreaterThan(hostile / 4);
    expect(dl.memory().numTensors).toBe(before);
  });
});
