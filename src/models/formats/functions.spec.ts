import * as dl from 'rxtensor';
import { loadGraphModel, type GraphModel } from 'rxtensor/models';
import {
  filesWith,
  graphParts,
  ints,
  node,
  placeholder,
  weight,
  type JsonNode,
  type StoredWeight,
} from '../../../test/support/graph-files';

interface FunctionOf {
  readonly name: string;
  readonly parameters: string;
  readonly nodes: readonly JsonNode[];
  /** The values of the results; they are named r0, r1, …. */
  readonly results: string;
}

const words = (text: string): string[] => text.split(' ').filter(Boolean);

/** A function of the library, as protobuf's JSON has it. */
function functionOf({ name, parameters, nodes, results }: FunctionOf): unknown {
  return {
    signature: {
      name,
      inputArg: words(parameters).map((each) => ({ name: each, type: 'DT_FLOAT' })),
      outputArg: words(results).map((_, i) => ({ name: `r${i}`, type: 'DT_FLOAT' })),
    },
    nodeDef: nodes,
    ret: Object.fromEntries(words(results).map((value, i) => [`r${i}`, value])),
  };
}

/** A node that calls functions by its attributes. */
function calls(
  name: string,
  op: string,
  inputs: string,
  functions: Readonly<Record<string, string>>,
): JsonNode {
  const attr = Object.fromEntries(Object.entries(functions).map(([key, f]) => [key, { func: { name: f } }]));
  return { ...node(name, op, inputs), attr };
}

const constant = (name: string): JsonNode => node(name, 'Const');

function load(
  nodes: readonly JsonNode[],
  functions: readonly FunctionOf[],
  weights: readonly StoredWeight[] = [],
  outputs?: Readonly<Record<string, string>>,
): Promise<GraphModel> {
  const inFunctions = new Set(functions.flatMap((each) => each.nodes.map(({ name }) => name)));
  const { json, bytes } = graphParts({ nodes, weights, ...(outputs && { outputs }) });
  const topology = json.modelTopology as { node: JsonNode[] };
  const model = {
    ...json,
    modelTopology: {
      // A constant of a function is in the function alone.
      node: topology.node.filter(({ name, op }) => op !== 'Const' || !inFunctions.has(name)),
      library: { function: functions.map(functionOf) },
    },
  };
  return loadGraphModel(filesWith(model, { 'weights.bin': bytes }));
}

/** The outputs of a model of one input, traced and by its plan. */
async function run(model: GraphModel, x: number[]): Promise<number[][]> {
  const all: number[][][] = [];
  for (let i = 0; i < 2; i++) {
    const y = model.predict(x);
    const tensors = y instanceof dl.Tensor ? [y] : Object.values(y);
    all.push(await Promise.all(tensors.map(async (each) => [...(await each.data())])));
    dl.dispose(y);
  }
  expect(all[1]).toEqual(all[0]);
  return all[0]!;
}

async function refusal(nodes: readonly JsonNode[], functions: readonly FunctionOf[]): Promise<string> {
  const { numTensors } = dl.memory();
  const error = (await load(nodes, functions).catch((thrown: unknown) => thrown)) as Error;
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toMatch(/^loadGraphModel: /);
  expect(error.message.length).toBeLessThan(2000);
  expect(dl.memory().numTensors).toBe(numTensors);
  return error.message;
}

const x = placeholder('x', [-1]);
const scalar = (name: string, value: number): StoredWeight => weight(name, [value], []);

/** Doubles its argument. */
const twice: FunctionOf = {
  name: 'twice',
  parameters: 'a',
  nodes: [constant('twice/two'), node('y', 'Mul', 'a twice/two:output:0')],
  results: 'y:z:0',
};

describe('Functions of a graph', () => {
  it('are called, also by each other, and share their weights', async () => {
    const fourTimes: FunctionOf = {
      name: 'four',
      parameters: 'a',
      nodes: [
        calls('first', 'PartitionedCall', 'a', { f: 'twice' }),
        calls('second', 'StatefulPartitionedCall', 'first:output:0', { f: 'twice' }),
      ],
      results: 'second:output:0 a',
    };
    const model = await load(
      [x, calls('y', 'PartitionedCall', 'x', { f: 'four' }), node('z', 'Add', 'y y:1')],
      [twice, fourTimes],
      [weight('twice/two', [2])],
    );
    expect(await run(model, [1, 3])).toEqual([[5, 15]]);
    expect(Object.keys(model.variables)).toEqual(['twice/two']);
    model.trainable = true;
    const { value, grads } = dl.variableGrads(() => dl.sum(model.predict([1, 1]) as dl.Tensor));
    expect([...(await grads['twice/two']!.data())]).toEqual([8]);
    dl.dispose([value, grads]);
    model.dispose();
  });

  it('name the outputs of their nodes', async () => {
    const best: FunctionOf = {
      name: 'best',
      parameters: 'a',
      nodes: [constant('best/k'), node('top', 'TopKV2', 'a best/k', { sorted: true })],
      results: 'top:indices:0 top:values:0',
    };
    const model = await load(
      [x, calls('y', 'PartitionedCall', 'x', { f: 'best' }), node('at', 'Identity', 'y'), node('of', 'Identity', 'y:1')],
      [best],
      [ints('best/k', 2)],
      { at: 'at', of: 'of' },
    ); // prettier-ignore
    expect(await run(model, [4, 9, 7])).toEqual([
      [1, 2],
      [9, 7],
    ]);
    model.dispose();
  });

  it('are branches, of which one runs', async () => {
    const minus: FunctionOf = {
      name: 'minus',
      parameters: 'a b',
      nodes: [node('y', 'Neg', 'a')],
      results: 'y:y:0 b',
    };
    // A constant, and a node that reads a constant alone.
    const fixed: FunctionOf = {
      name: 'fixed',
      parameters: 'a b',
      nodes: [constant('fixed/c'), node('y', 'Neg', 'fixed/c:output:0')],
      results: 'fixed/c:output:0 y:y:0',
    };
    for (const op of ['If', 'StatelessIf']) {
      const model = await load(
        [
          x,
          constant('zero'),
          node('least', 'Min', 'x axis'),
          node('p', 'Less', 'least zero'),
          calls('y', op, 'p x x', { then_branch: 'minus', else_branch: 'fixed' }),
          node('first', 'Identity', 'y'),
          node('second', 'Identity', 'y:1'),
        ],
        [minus, fixed],
        [scalar('zero', 0), weight('fixed/c', [7]), ints('axis', [0])],
        { first: 'first', second: 'second' },
      );
      expect(await run(model, [-1, 2])).toEqual([
        [1, -2],
        [-1, 2],
      ]);
      expect(await run(model, [1, 2])).toEqual([[7], [-7]]);
      expect(await run(model, [-3])).toEqual([[3], [-3]]);
      model.dispose();
    }
  });

  /** Whether the greatest is below a limit. */
  const below = (limit: string): FunctionOf => ({
    name: 'below',
    parameters: 'v n',
    nodes: [constant(limit), constant('below/axis'), node('most', 'Max', 'v below/axis'), node('p', 'Less', `most:output:0 ${limit}:output:0`)],
    results: 'p:z:0',
  }); // prettier-ignore
  const ends = [x, constant('zero'), node('v', 'Identity', 'w'), node('n', 'Identity', 'w:1')];
  const outputs = { v: 'v', n: 'n' };

  it('are turns of loops, as many as the values ask for', async () => {
    const turn: FunctionOf = {
      name: 'turn',
      parameters: 'v n',
      nodes: [
        constant('turn/one'),
        calls('double', 'PartitionedCall', 'v', { f: 'twice' }),
        node('more', 'Add', 'n turn/one:output:0'),
      ],
      results: 'double:output:0 more:z:0',
    };
    for (const op of ['While', 'StatelessWhile']) {
      const model = await load(
        [...ends, calls('w', op, 'x zero', { cond: 'below', body: 'turn' })],
        [below('limit'), turn, twice],
        [scalar('zero', 0), scalar('limit', 50), ints('below/axis', [0]), scalar('turn/one', 1), scalar('twice/two', 2)],
        outputs,
      ); // prettier-ignore
      expect(await run(model, [1, 3])).toEqual([[32, 96], [5]]);
      expect(await run(model, [40, 1])).toEqual([[80, 2], [1]]);
      expect(await run(model, [60, 1])).toEqual([[60, 1], [0]]);
      model.dispose();
    }
  });

  it('are loops in loops and branches in loops, with constants in each', async () => {
    // While below 50: twice the inner loop, which adds two until it has gone three turns; then, if n is 1, minus one.
    const inner: FunctionOf = {
      name: 'inner',
      parameters: 'i v',
      nodes: [constant('inner/one'), constant('twice/two'), node('j', 'Add', 'i inner/one'), node('s', 'Add', 'v twice/two')],
      results: 'j:z:0 s:z:0',
    };
    const three: FunctionOf = { name: 'three', parameters: 'i v', nodes: [constant('three/n'), node('p', 'Less', 'i three/n')], results: 'p:z:0' };
    const less: FunctionOf = { name: 'less', parameters: 'v', nodes: [constant('inner/one'), node('y', 'Sub', 'v inner/one')], results: 'y:z:0' };
    const same: FunctionOf = { name: 'same', parameters: 'v', nodes: [], results: 'v' };
    const turn: FunctionOf = {
      name: 'turn',
      parameters: 'v n',
      nodes: [
        constant('inner/one'),
        constant('zero'),
        calls('loop', 'StatelessWhile', 'zero v', { cond: 'three', body: 'inner' }),
        calls('double', 'PartitionedCall', 'loop:output:1', { f: 'twice' }),
        node('more', 'Add', 'n inner/one'),
        node('p', 'Equal', 'more:z:0 inner/one'),
        calls('choice', 'StatelessIf', 'p:z:0 double:output:0', { then_branch: 'less', else_branch: 'same' }),
      ],
      results: 'choice:output:0 more:z:0',
    };
    const model = await load(
      [...ends, calls('w', 'StatelessWhile', 'x zero', { cond: 'below', body: 'turn' })],
      [below('limit'), turn, inner, three, twice, less, same],
      [scalar('zero', 0), scalar('limit', 50), ints('below/axis', [0]), scalar('inner/one', 1), scalar('three/n', 3), scalar('twice/two', 2)],
      outputs,
    );
    // 1 → 2·7 − 1 = 13 → 38 → 88.
    expect(await run(model, [1])).toEqual([[88], [3]]);
    // 20 → 51.
    expect(await run(model, [20])).toEqual([[51], [1]]);
    model.dispose();
  }); // prettier-ignore

  it('are loops whose condition or result is a constant', async () => {
    const never: FunctionOf = { name: 'never', parameters: 'v n', nodes: [constant('never/p')], results: 'never/p:output:0' };
    const stops: FunctionOf = { name: 'stops', parameters: 'v n', nodes: [constant('stops/v')], results: 'stops/v:output:0 n' };
    const weights = [scalar('zero', 0), weight('never/p', [0], [], 'DT_BOOL'), weight('stops/v', [99]), scalar('limit', 50), ints('below/axis', [0])];
    const none = await load([...ends, calls('w', 'While', 'x zero', { cond: 'never', body: 'stops' })], [never, stops], weights, outputs);
    expect(await run(none, [3])).toEqual([[3], [0]]);
    none.dispose();
    const once = await load([...ends, calls('w', 'While', 'x zero', { cond: 'below', body: 'stops' })], [below('limit'), stops], weights, outputs);
    expect(await run(once, [3])).toEqual([[99], [0]]);
    expect(await run(once, [70])).toEqual([[70], [0]]);
    once.dispose();
  }); // prettier-ignore

  it('that need what is not there, or call themselves, are refused', async () => {
    const call = calls('y', 'PartitionedCall', 'x', { f: 'f' });
    const f = (nodes: readonly JsonNode[], results = 'y:output:0', name = 'f'): FunctionOf => ({ name, parameters: 'a', nodes, results });
    expect(await refusal([x, call], [twice])).toMatch(/PartitionedCall of node 'y' calls 'f'; wanted a function of the model$/);
    expect(await refusal([x, { ...call, input: ['x', 'x'] }], [{ ...twice, name: 'f' }])).toMatch(
      /calls 'f' with 2 arguments; wanted 1$/,
    );
    expect(await refusal([x, call], [f([calls('y', 'PartitionedCall', 'a', { f: 'f' })])])).toMatch(
      /PartitionedCall of node 'y\/y' calls 'f' in a call of f; wanted functions that do not call themselves/,
    );
    expect(
      await refusal([x, call], [f([calls('y', 'If', 'a a', { then_branch: 'g', else_branch: 'g' })]), f([calls('y', 'PartitionedCall', 'a', { f: 'f' })], 'y:output:0', 'g')]),
    ).toMatch(/calls 'f' in a call of f, g; wanted functions that do not call themselves/);
    expect(await refusal([x, calls('y', 'If', 'x x', { then_branch: 'f', else_branch: 'g' })], [f([], 'a'), f([], 'a a', 'g')])).toMatch(
      /the branches of node 'y' give 1 and 2 results; wanted the same number$/,
    );
    expect(await refusal([x, calls('y', 'If', '', {})], [f([])])).toMatch(/If of node 'y' has no inputs; wanted a condition$/);
    expect(await refusal([x, calls('y', 'While', 'x', { cond: 'f', body: 'g' })], [f([], 'a'), f([], 'a a', 'g')])).toMatch(
      /a turn of the loop 'y' gives 2 values; wanted 1$/,
    );
    expect(await refusal([x, calls('y', 'While', 'x', { cond: 'f', body: 'f' })], [f([], '')])).toMatch(
      /the loop 'y' has 1 values and no condition; wanted both$/,
    );
    expect(await refusal([x, call], [f([node('y', 'Neg', 'a'), node('y', 'Neg', 'a')])])).toMatch(
      /the function 'f' has two nodes of one name; wanted unique names$/,
    );
    expect(await refusal([x, call, node('y/y', 'Neg', 'x')], [f([node('y', 'Neg', 'a')])])).toMatch(/has two nodes 'y\/y'; wanted unique names$/);
    expect(await refusal([x, call], [f([], 'gone:output:0')])).toMatch(/the model has no node 'y\/gone'/);
    expect(await refusal([x, calls('y', 'PartitionedCall', 'x', {})], [f([])])).toMatch(/calls 'undefined'; wanted a function/);
  }); // prettier-ignore

  it('that call each other very often, or very deep, are refused in time', async () => {
    const chain = (length: number, each: number): FunctionOf[] =>
      Array.from({ length }, (_, i) => ({
        name: `f${i}`,
        parameters: 'a',
        nodes: i === length - 1
          ? [node('y0', 'Neg', 'a')]
          : Array.from({ length: each }, (_, j) => calls(`y${j}`, 'PartitionedCall', j === 0 ? 'a' : `y${j - 1}:output:0`, { f: `f${i + 1}` })),
        results: `y${i === length - 1 ? 0 : each - 1}:output:0`,
      })); // prettier-ignore
    const call = calls('y', 'PartitionedCall', 'x', { f: 'f0' });
    const began = performance.now();
    expect(await refusal([x, call], chain(40, 2))).toMatch(
      /makes more than 100000 nodes of its functions; wanted fewer$/,
    );
    expect(await refusal([x, call], chain(5000, 1))).toMatch(
      /wanted functions that do not call themselves, at most 64 in each other$/,
    );
    expect(performance.now() - began).toBeLessThan(10_000);
    const model = await load([x, call], chain(30, 1));
    expect(await run(model, [3])).toEqual([[-3]]);
    model.dispose();
  });
});
