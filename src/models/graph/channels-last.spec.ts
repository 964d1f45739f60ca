import * as dl from 'rxtensor';
import { loadGraphModel, onnx, type Graph, type GraphNode, type NodeOutput } from 'rxtensor/models';
import { onnxFiles, type OnnxModel, type OnnxNode, type OnnxTensor } from '../../../test/support/onnx-files';
import { firstOrder, inChannelsLast, lastOrder, type LayoutTable } from './channels-last';
import { checkedNodes } from './check';

const from = (name: string): NodeOutput => ({ node: name, output: 0 });

function node(name: string, op: string, inputs = '', attributes: GraphNode['attributes'] = new Map()) {
  const names = inputs.split(' ').filter(Boolean);
  return { name, op, inputs: names.map(from), after: [], attributes };
}

/** A graph whose input is x, of rank 4, and whose constants have the given shapes. */
function passed(
  nodes: readonly GraphNode[],
  output: string,
  shapes: Readonly<Record<string, readonly number[]>> = {},
): Graph {
  const constants = Object.entries(shapes).map(([name, shape]) => {
    const size = shape.reduce((product, extent) => product * extent, 1);
    return [name, { shape, dtype: 'float32' as const, values: new Float32Array(size) }] as const;
  });
  const all = [node('x', 'Placeholder'), ...constants.map(([name]) => node(name, 'Const')), ...nodes];
  const graph: Graph = {
    nodes: new Map(all.map((each) => [each.name, each])),
    constants: new Map(constants),
    inputs: [{ name: 'x', node: 'x', shape: null, dtype: 'float32' }],
    outputs: [{ name: output, from: from(output), shape: null, dtype: 'float32' }],
  };
  const order = checkedNodes(graph, [from(output)], () => true, 'spec');
  const table: LayoutTable = {
    rules: { Conv: 'images', Relu: 'each', Softmax: 'axes', Add: 'broadcast', Concat: 'joined', Shape: 'asked', Mean: 'reduced', Transpose: 'transposed' },
    toLast: 'ToLast',
    toFirst: 'ToFirst',
    rank: ({ node: name }) => shapes[name]?.length ?? 4,
    reducedAxes: ({ attributes }) => attributes.get('axes') as number[],
  }; // prettier-ignore
  return inChannelsLast(graph, order, table);
}

/** The ops on which the output depends, in order. */
function opsOf(graph: Graph): string[] {
  const order = checkedNodes(graph, [graph.outputs[0]!.from], () => true, 'spec');
  const ops = order.map((name) => graph.nodes.get(name)!.op);
  return ops.filter((op) => op !== 'Placeholder' && op !== 'Const');
}

describe('inChannelsLast', () => {
  it('orders axes', () => {
    expect([lastOrder(2), lastOrder(3), lastOrder(5)]).toEqual([
      [0, 1],
      [0, 2, 1],
      [0, 2, 3, 4, 1],
    ]);
    expect([firstOrder(2), firstOrder(4)]).toEqual([
      [0, 1],
      [0, 3, 1, 2],
    ]);
  });

  it('puts transpositions at the borders of a chain only', () => {
    const chain = [
      node('a', 'Conv', 'x'),
      node('b', 'Relu', 'a'),
      node('c', 'Conv', 'b'),
      node('d', 'Add', 'c b'),
    ];
    expect(opsOf(passed(chain, 'd'))).toEqual(['ToLast', 'Conv', 'Relu', 'Conv', 'Add', 'ToFirst']);
  });

  it('leaves alone what has no images', () => {
    expect(opsOf(passed([node('a', 'Relu', 'x'), node('b', 'Add', 'a x')], 'b'))).toEqual(['Relu', 'Add']);
  });

  it('transposes constants to the rank of the images, but not a single number', () => {
    const graph = passed(
      [node('a', 'Conv', 'x'), node('b', 'Add', 'a w'), node('c', 'Add', 'b s')],
      'c',
      { w: [3, 1, 1], s: [1] },
    ); // prettier-ignore
    expect(opsOf(graph)).toEqual(['ToLast', 'Conv', 'ToLast', 'Add', 'Add', 'ToFirst']);
    expect(graph.nodes.get('w/last')!.attributes.get('rank')).toBe(4);
  });

  it('tells ops with axes', () => {
    const graph = passed(
      [node('a', 'Conv', 'x'), node('b', 'Softmax', 'a'), node('c', 'Concat', 'b a')],
      'c',
    );
    expect(opsOf(graph)).toEqual(['ToLast', 'Conv', 'Softmax', 'Concat', 'ToFirst']);
    expect(graph.nodes.get('b/last')!.attributes.get('channels_last')).toBe(true);
  });

  it('asks for a shape without a transposition', () => {
    const graph = passed([node('a', 'Conv', 'x'), node('b', 'Shape', 'a')], 'b');
    expect(opsOf(graph)).toEqual(['ToLast', 'Conv', 'Shape']);
  });

  it('reduces over all pixels without a transposition', () => {
    const mean = (axes: readonly number[]): string[] => {
      const attributes = new Map<string, number | readonly number[]>([
        ['keepdims', 0],
        ['axes', axes],
      ]);
      return opsOf(passed([node('a', 'Conv', 'x'), node('b', 'Mean', 'a', attributes)], 'b'));
    };
    expect(mean([2, -1])).toEqual(['ToLast', 'Conv', 'Mean']);
    expect(mean([1])).toEqual(['ToLast', 'Conv', 'Mean']);
    expect(mean([3])).toEqual(['ToLast', 'Conv', 'ToFirst', 'Mean']);
  });

  it("cancels the file's own transpositions", () => {
    const turned = (name: string, input: string, perm: readonly number[]): GraphNode =>
      node(name, 'Transpose', input, new Map([['perm', perm]]));
    const graph = passed(
      [turned('a', 'x', [0, 3, 1, 2]), node('b', 'Conv', 'a'), turned('c', 'b', [0, 2, 3, 1])],
      'c',
    );
    expect(opsOf(graph)).toEqual(['Conv', 'Identity']);
  });

  it('transposes a value once for all who ask', () => {
    const graph = passed([node('a', 'Conv', 'x'), node('b', 'Conv', 'x'), node('c', 'Add', 'a b')], 'c');
    expect(opsOf(graph)).toEqual(['ToLast', 'Conv', 'Conv', 'Add', 'ToFirst']);
  });
});

/** How often a model of ONNX transposes in a run of its plan. */
async function transpositions(model: OnnxModel, shape: readonly number[]): Promise<number> {
  const loaded = await loadGraphModel(onnxFiles(model), { format: onnx });
  const x = dl.ones([...shape]);
  dl.dispose(loaded.predict(x));
  const { kernels, result } = await dl.profile(() => loaded.predict(x) as dl.Tensor);
  dl.dispose([x, result]);
  loaded.dispose();
  return kernels.filter(({ name }) => name === 'transpose').length;
}

describe('Images of ONNX', () => {
  const weight = (...shape: number[]): OnnxTensor => ({
    shape,
    values: Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => ((i * 7) % 5) / 5 + 0.2),
  });
  const chain: readonly OnnxNode[] = [
    { op: 'Conv', inputs: 'x w', outputs: 'a', attributes: { pads: [1, 1, 1, 1] } },
    { op: 'BatchNormalization', inputs: 'a s s s s', outputs: 'b' },
    { op: 'Relu', inputs: 'b', outputs: 'c' },
    { op: 'MaxPool', inputs: 'c', outputs: 'd', attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
    { op: 'Mul', inputs: 'd t', outputs: 'e' },
    { op: 'Conv', inputs: 'e v', outputs: 'y', attributes: { pads: [1, 1, 1, 1] } },
  ];
  const model: OnnxModel = {
    nodes: chain,
    inputs: { x: ['float', [1, 2, 6, 6]] },
    outputs: { y: ['float', null] },
    weights: { w: weight(3, 2, 3, 3), s: weight(3), t: weight(3, 1, 1), v: weight(4, 3, 3, 3) },
  };

  it('are transposed twice in a chain of convolutions', async () => {
    expect(await transpositions(model, [1, 2, 6, 6])).toBe(2);
  });

  it('have their channels in front for those who ask for a value on the way', async () => {
    const loaded = await loadGraphModel(onnxFiles(model), { format: onnx });
    const x = dl.ones([1, 2, 6, 6]);
    const found = loaded.execute(x, ['a', 'd', 'y']);
    expect(found.map(({ shape }) => [...(shape as readonly number[])])).toEqual([
      [1, 3, 6, 6],
      [1, 3, 3, 3],
      [1, 4, 3, 3],
    ]);
    dl.dispose([x, found]);
    loaded.dispose();
  });

  it('are transposed once before a mean over all pixels', async () => {
    const nodes: OnnxNode[] = [
      ...chain,
      { op: 'GlobalAveragePool', inputs: 'y', outputs: 'g' },
      { op: 'Flatten', inputs: 'g', outputs: 'f' },
    ];
    const outputs = { f: ['float', null] } as const;
    expect(await transpositions({ ...model, nodes, outputs }, [1, 2, 6, 6])).toBe(1);
  });
});
