import * as dl from 'rxtensor';
import { GraphModel, loadGraphModel, tfjsGraph, type Graph } from 'rxtensor/models';
import {
  filesWith,
  graphFiles,
  graphParts,
  node,
  placeholder,
  weight,
} from '../../../test/support/graph-files';

const read = (json: unknown): Promise<Graph> => tfjsGraph.read(filesWith(json), 'loadGraphModel');
const graphOf = (nodes: readonly unknown[], more: object = {}): Promise<Graph> =>
  read({ modelTopology: { node: nodes }, ...more });

async function refusal(json: unknown): Promise<string> {
  const { numTensors } = dl.memory();
  const error = (await loadGraphModel(filesWith(json)).catch((thrown: unknown) => thrown)) as Error;
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toMatch(/^loadGraphModel: /);
  expect(error.message.length).toBeLessThan(3000);
  expect(dl.memory().numTensors).toBe(numTensors);
  return error.message;
}

describe('A graph model of TensorFlow.js', () => {
  it('has attributes of each kind', async () => {
    const attr = {
      i: { i: '7' },
      f: { f: 0.5 },
      negative: { i: -3 },
      infinite: { f: 'Infinity' },
      b: { b: true },
      off: { b: false },
      s: { s: btoa('SAME') },
      type: { type: 'DT_HALF' },
      number: { type: 10 },
      unknown: { type: 'DT_STRING' },
      shape: { shape: { dim: [{ size: '-1' }, { size: 3 }] } },
      scalar: { shape: {} },
      noRank: { shape: { unknownRank: true } },
      ints: { list: { i: ['1', 2] } },
      floats: { list: { f: [0.5] } },
      texts: { list: { s: [btoa('BiasAdd'), btoa('Relu')] } },
      none: { list: {} },
      tensor: { tensor: { dtype: 'DT_FLOAT' } },
      empty: {},
      null: null,
    };
    const { nodes } = await graphOf([{ name: 'a', op: 'X', attr }]);
    expect(Object.fromEntries(nodes.get('a')!.attributes)).toEqual({
      i: 7,
      f: 0.5,
      negative: -3,
      infinite: Infinity,
      b: true,
      off: false,
      s: 'SAME',
      type: 'float32',
      number: 'bool',
      unknown: "'DT_STRING'",
      shape: [-1, 3],
      scalar: [],
      ints: [1, 2],
      floats: [0.5],
      texts: ['BiasAdd', 'Relu'],
      none: [],
    });
  });

  it('has inputs that name outputs of nodes, and nodes that must have run', async () => {
    const { nodes } = await graphOf([node('a', 'X', 'b c:1 ^d e/f:12 ^g/h')]);
    expect(nodes.get('a')).toEqual({
      name: 'a',
      op: 'X',
      inputs: [
        { node: 'b', output: 0 },
        { node: 'c', output: 1 },
        { node: 'e/f', output: 12 },
      ],
      after: ['d', 'g/h'],
      attributes: new Map(),
    });
  });

  const nodes = [
    placeholder('x', [-1, 2]),
    placeholder('n', [], 'DT_INT32'),
    node('y', 'Neg', 'x'),
    node('z', 'Neg', 'n'),
  ];
  const signature = {
    inputs: { second: { name: 'n:0' }, first: { name: 'x:0' } },
    outputs: {
      minus: { name: 'z:0', dtype: 'DT_INT32', tensorShape: {} },
      b: { name: 'y', dtype: 'DT_FLOAT', tensorShape: { dim: [{ size: '-1' }, { size: '2' }] } },
    },
  };
  for (const [where, more] of [
    ['at the top', { signature }],
    ["in 'userDefinedMetadata'", { userDefinedMetadata: { signature } }],
  ] as const) {
    it(`has a signature ${where}`, async () => {
      const { inputs, outputs } = await graphOf(nodes, more);
      expect(inputs).toEqual([
        { name: 'second', node: 'n', shape: [], dtype: 'int32' },
        { name: 'first', node: 'x', shape: [null, 2], dtype: 'float32' },
      ]);
      expect(outputs).toEqual([
        { name: 'minus', from: { node: 'z', output: 0 }, shape: [], dtype: 'int32' },
        { name: 'b', from: { node: 'y', output: 0 }, shape: [null, 2], dtype: 'float32' },
      ]);
    });
  }

  it('without a signature gives what no node reads', async () => {
    const { inputs, outputs } = await graphOf([...nodes, node('no', 'NoOp'), node('idle', 'Const')]);
    expect(inputs.map(({ name }) => name)).toEqual(['x', 'n']);
    expect(outputs.map(({ name }) => name)).toEqual(['y', 'z']);
  });

  it('of which the signature names some inputs has the others behind them', async () => {
    const { inputs } = await graphOf(nodes, { signature: { inputs: { only: { name: 'n' } } } });
    expect(inputs.map(({ name }) => name)).toEqual(['only', 'x']);
  });

  it('takes an input of any shape or dtype where it says none', async () => {
    const { inputs } = await graphOf([
      node('a', 'Placeholder'),
      node('b', 'Placeholder', '', { dtype: 'DT_STRING', shape: { shape: [] } }),
      { name: 'c', op: 'Placeholder', attr: { dtype: { i: 3 }, shape: { shape: { unknownRank: true } } } },
    ]);
    expect(inputs).toEqual([
      { name: 'a', node: 'a', shape: null, dtype: null },
      { name: 'b', node: 'b', shape: [], dtype: null },
      { name: 'c', node: 'c', shape: null, dtype: null },
    ]);
  });

  it('names all unsupported ops at once, but none that no output needs', async () => {
    const message = await refusal({
      modelTopology: {
        node: [
          placeholder('x', [1]),
          node('a', 'StringJoin', 'x'),
          node('b', 'constructor', 'a'),
          node('c', '__proto__', 'b x'),
          node('e', 'StringJoin', 'c'),
          node('f', 'Unneeded', 'x'),
        ],
      },
      signature: { outputs: { y: { name: 'e' } } },
    });
    expect(message).toMatch(
      /^loadGraphModel: the model uses ops that are not supported: StringJoin \(in '[ae]'\), constructor \(in 'b'\), __proto__ \(in 'c'\); docs\/models\.md lists/,
    );
  });

  it('names some of very many unsupported ops', async () => {
    const many = Array.from({ length: 3000 }, (_, i) => node(`n${i}`, `Op${i}`));
    expect(await refusal({ modelTopology: { node: many } })).toMatch(/Op7 \(in 'n7'\), and 2992 more; docs/);
  });

  const x = placeholder('x', [1]);
  const wrong: readonly [what: string, json: unknown, message: RegExp][] = [
    [
      'a page of HTML',
      ' <!doctype html><title>404</title>',
      /model\.json is no JSON; found a page of HTML: <!doctype html>/,
    ],
    ['half a text', '{"modelTopology": {', /model\.json is no JSON; found SyntaxError/],
    ['nothing', '', /model\.json is no JSON; found SyntaxError/],
    ['a list', '[1]', /model\.json is \[1\]; wanted a JSON object$/],
    ['null', 'null', /model\.json is null; wanted a JSON object$/],
    ['a number', '7', /model\.json is 7; wanted a JSON object$/],
    ['no topology', {}, /has no 'modelTopology' with a list 'node'; wanted a graph model of TensorFlow\.js$/],
    ['an object of nodes', { modelTopology: { node: {} } }, /has no 'modelTopology' with a list/],
    [
      'a layers model',
      { format: 'layers-model', modelTopology: { model_config: {} }, weightsManifest: [] },
      /wanted a graph model of TensorFlow\.js; this is a layers model$/,
    ],
    ['a node of null', { modelTopology: { node: [null] } }, /a node: 'name' is undefined; wanted a text$/],
    [
      'a node without an op',
      { modelTopology: { node: [{ name: 'a' }] } },
      /the node 'a': 'op' is undefined; wanted a text$/,
    ],
    ['two nodes of a name', { modelTopology: { node: [x, x] } }, /has two nodes 'x'; wanted unique names$/],
    [
      'an input that is a number',
      { modelTopology: { node: [{ ...x, input: [3] }] } },
      /the node 'x' has an input that is number; wanted a text$/,
    ],
    [
      'inputs that are a text',
      { modelTopology: { node: [{ ...x, input: 'y' }] } },
      /the node 'x': 'input' is string; wanted a list$/,
    ],
    [
      'a missing input',
      { modelTopology: { node: [x, node('y', 'Add', 'x gone')] } },
      /the model has no node 'gone', on which 'y' depends; wanted a complete graph$/,
    ],
    [
      'a missing node that must have run',
      { modelTopology: { node: [x, node('y', 'Neg', 'x ^gone')] } },
      /the model has no node 'gone', on which 'y' depends/,
    ],
    [
      'a missing output',
      { modelTopology: { node: [x] }, signature: { outputs: { y: { name: 'gone' } } } },
      /the model has no node 'gone', on which an output depends/,
    ],
    [
      'a missing input with a name of all objects',
      { modelTopology: { node: [x, node('y', 'Add', 'x constructor')] } },
      /the model has no node 'constructor'/,
    ],
    [
      'a circle',
      {
        modelTopology: {
          node: [
            node('a', 'Add', 'b b'),
            node('b', 'Neg', 'c'),
            node('c', 'Neg', 'a'),
            node('y', 'Neg', 'a'),
          ],
        },
      },
      /the node 'a' of the model depends on itself, through 'c'; wanted a graph without cycles$/,
    ],
    [
      'a node behind itself',
      { modelTopology: { node: [node('a', 'Neg', 'x ^a'), x, node('y', 'Neg', 'a')] } },
      /the node 'a' of the model depends on itself, through 'a'/,
    ],
    [
      'a constant without values',
      { modelTopology: { node: [node('c', 'Const'), node('y', 'Neg', 'c')] } },
      /the constant 'c' has no values; wanted them among the model's weights$/,
    ],
    [
      'a shape that is no list',
      { modelTopology: { node: [{ ...x, attr: { shape: { shape: { dim: 3 } } } }] } },
      /the node 'x': a shape: 'dim' is number; wanted a list$/,
    ],
    [
      'a fractional extent',
      { modelTopology: { node: [{ ...x, attr: { shape: { shape: { dim: [{ size: 2.5 }] } } } }] } },
      /the node 'x': a shape has the extent 2\.5; wanted whole numbers$/,
    ],
    [
      'a fractional extent of an output',
      {
        modelTopology: { node: [x, node('y', 'Neg', 'x')] },
        signature: { outputs: { y: { name: 'y', tensorShape: { dim: [{ size: [] }] } } } },
      },
      /a shape has the extent \[\]; wanted whole numbers$/,
    ],
  ];
  for (const [what, json, message] of wrong) {
    it(`is refused for ${what}`, async () => {
      expect(await refusal(json)).toMatch(message);
    });
  }

  it('is refused for texts and lists in lists, 100,000 deep, wherever they are', async () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const objects = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
    const whole = JSON.stringify({
      modelTopology: {
        node: [
          { ...x, attr: { shape: { shape: { dim: [{ size: '3' }] } }, dtype: { type: 'DT_FLOAT' } } },
          {
            name: 'y',
            op: 'Neg',
            input: ['x'],
            attr: { i: { i: '3' }, s: { s: 'AAAA' }, t: { type: 'T' }, l: { list: { i: ['3'] } } },
          },
        ],
      },
      signature: { outputs: { y: { name: 'y', dtype: 'DT_FLOAT' } } },
      weightsManifest: [],
    });
    let tried = 0;
    for (const at of whole.matchAll(/"[A-Za-z3_]+"(?!:)/g)) {
      for (const nested of [deep, objects]) {
        const text = whole.slice(0, at.index) + nested + whole.slice(at.index + at[0].length);
        const loaded = await loadGraphModel(filesWith(text)).catch((thrown: unknown) => thrown as Error);
        if (loaded instanceof GraphModel) loaded.dispose();
        else expect(loaded.message).toMatch(/^loadGraphModel: .{1,1000}$/s);
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(20);
  });

  it('of a node with 50,000 inputs, or a chain of 50,000 nodes, is checked in time', async () => {
    const wide = node('y', 'AddN');
    const long = Array.from({ length: 50_000 }, (_, i) => node(`n${i}`, 'Neg', i > 0 ? `n${i - 1}` : 'x'));
    const began = performance.now();
    const model = await loadGraphModel(
      filesWith({ modelTopology: { node: [x, { ...wide, input: new Array(50_000).fill('x') }, ...long] } }),
    );
    model.dispose();
    expect(performance.now() - began).toBeLessThan(20_000);
  });

  it('may have nodes, weights, inputs and outputs of the names that objects have', async () => {
    const { json, bytes } = graphParts({
      nodes: [
        placeholder('constructor', [2]),
        node('toString', 'Mul', 'constructor __proto__'),
        node('hasOwnProperty', 'Neg', 'constructor'),
      ],
      weights: [weight('__proto__', [2, 3])],
    });
    const named = JSON.parse(
      '{"inputs":{"__proto__":{"name":"constructor"}},"outputs":{"__proto__":{"name":"toString"},"constructor":{"name":"hasOwnProperty"}}}',
    ) as unknown;
    const model = await loadGraphModel(filesWith({ ...json, signature: named }, { 'weights.bin': bytes }));
    expect(Object.keys(model.variables)).toEqual(['__proto__']);
    const input = dl.tensor1d([1, -1]);
    const outputs = model.predict(JSON.parse('{"__proto__":[1,-1]}') as Record<string, number[]>) as Record<
      string,
      dl.Tensor
    >;
    expect(Object.keys(outputs)).toEqual(['__proto__', 'constructor']);
    const [first, second] = Object.values(outputs);
    expect([...(await first!.data())]).toEqual([2, -3]);
    expect([...(await second!.data())]).toEqual([-1, 1]);
    expect(() => model.predict({})).toThrowError("predict: input '__proto__' is missing; wanted float32 [2]");
    const [y] = model.execute([input], ['toString']);
    expect([...(await y!.data())]).toEqual([2, -3]);
    expect(() => model.execute([input], 'valueOf')).toThrowError(
      /argument 'names' has 'valueOf'; wanted a node/,
    );
    dl.dispose([input, first!, second!, y!]);
    model.dispose();
  });

  it('has variables that are named apart from those of the program', async () => {
    const own = dl.tidy(() => dl.variable(dl.scalar(1), true, 'w'));
    const files = graphFiles({
      nodes: [placeholder('x', [1]), node('y', 'Mul', 'x w')],
      weights: [weight('w', [2])],
    });
    const models = [await loadGraphModel(files), await loadGraphModel(files)];
    expect(models.map(({ variables }) => variables.w!.name)).toEqual(['w_1', 'w_2']);
    for (const model of models) model.dispose();
    own.dispose();
  });
});
