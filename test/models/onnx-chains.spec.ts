// Chains of ops on images give what they give on ONNX Runtime, wherever their channels are on the way.
import * as dl from 'rxtensor';
import { loadGraphModel, onnx } from 'rxtensor/models';
import { testRun } from '../support/test-run';
import {
  onnxBytes,
  onnxFilesOf,
  type OnnxAttribute,
  type OnnxNode,
  type OnnxTensor,
} from '../support/onnx-files';
import { drawFrom, reals, type Draw } from './onnx-ops/case';
import { distance } from './distance';
import { runOnnx } from './onnx-runtime';

const CHAINS = 60;
const { seed = 0 } = testRun();

/** A chain that grows: values of rank 4, each with the shape [1, channels, height, width]. */
class Chain {
  readonly nodes: OnnxNode[] = [];
  readonly weights: Record<string, OnnxTensor> = {};
  /** Values of the same shape as the last one, which it may be joined with. */
  readonly alike: string[] = [];
  last = 'x';
  shape = [1, 4, 6, 6];
  #names = 0;

  constructor(readonly draw: Draw) {}

  weight(shape: readonly number[], least = -1): string {
    const name = `w${this.#names++}`;
    const { values } = reals(this.draw, shape, least, 1.5);
    this.weights[name] = { shape, values };
    return name;
  }

  list(values: readonly number[]): string {
    const name = `w${this.#names++}`;
    this.weights[name] = { shape: [values.length], type: 'int64', values };
    return name;
  }

  /** Adds an op of the last value. */
  add(op: string, more: readonly string[] = [], attributes: Readonly<Record<string, OnnxAttribute>> = {}, first = this.last): string {
    const name = `y${this.#names++}`;
    this.nodes.push({ op, inputs: [first, ...more].join(' '), outputs: name, attributes });
    return name;
  }

  to(name: string, shape = this.shape): void {
    if (shape.join() !== this.shape.join()) this.alike.length = 0;
    this.alike.push(name);
    this.last = name;
    this.shape = shape;
  }
} // prettier-ignore

/** What may come next. */
const links: readonly ((chain: Chain) => void)[] = [
  (c) => {
    const channels = c.draw.int(1, 4);
    const name = c.add('Conv', [c.weight([channels, c.shape[1]!, 3, 3])], { pads: [1, 1, 1, 1] });
    c.to(name, [1, channels, ...c.shape.slice(2)]);
  },
  (c) => c.to(c.add('Conv', [c.weight([c.shape[1]!, 1, 1, 1])], { group: c.shape[1]! })),
  (c) => c.to(c.add('BatchNormalization', [1, 2, 3, 4].map((i) => c.weight([c.shape[1]!], i === 4 ? 0.5 : -1)))),
  (c) => c.to(c.add(c.draw.pick(['Relu', 'Sigmoid', 'Tanh', 'Identity', 'HardSwish']))),
  (c) => c.to(c.add('MaxPool', [], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })),
  (c) => {
    const [, channels, height, width] = c.shape as [number, number, number, number];
    const shape = c.draw.pick([[], [1], [channels, 1, 1], [1, channels, 1, 1], [height, width], [1, height, 1], [width], [1, channels, height, width]]);
    c.to(c.add(c.draw.pick(['Add', 'Mul', 'Sub', 'Max']), [c.weight(shape)]));
  },
  (c) => c.to(c.add(c.draw.pick(['Add', 'Mul']), [c.draw.pick(c.alike.length > 0 ? c.alike : [c.last])])),
  (c) => {
    const axis = c.draw.pick([1, -3, 2, 3, -1]);
    const at = axis < 0 ? axis + 4 : axis;
    const others = c.draw.pick(c.alike.length > 0 ? c.alike : [c.last]);
    const name = c.add('Concat', [others], { axis });
    const both = c.shape.map((extent, i) => (i === at ? 2 * extent : extent));
    c.to(name, both);
    // Back to a size that stays small.
    c.to(c.add('Slice', [c.list([0]), c.list([c.draw.int(1, 4)]), c.list([axis])]), c.shape);
    c.shape = c.shape.map((extent, i) => (i === at ? Number(c.nodes.at(-1).inputs && (c.weights[c.nodes.at(-1).inputs.split(' ')[2]!]!.values![0])) : extent));
    c.alike.length = 0;
  },
  (c) => c.to(c.add('Pad', [c.list([0, 0, 1, 0, 0, 1, 0, 0])], { mode: 'constant' }), [1, c.shape[1]! + 1, c.shape[2]! + 1, c.shape[3]!]),
  (c) => c.to(c.add('Softmax', [], { axis: c.draw.pick([1, 2, -1]) })),
  (c) => {
    const mean = c.add(c.draw.flag() ? 'GlobalAveragePool' : 'ReduceMax', [], {});
    if (c.nodes.at(-1).op === 'ReduceMax') c.nodes.splice(-1, 1, { op: 'ReduceMax', inputs: c.last, outputs: mean, attributes: { axes: [2, 3], keepdims: 1 } });
    c.to(c.add('Mul', [c.add('Sigmoid', [], {}, mean)]));
  },
  (c) => {
    const flat = c.add('ReduceMean', [], { axes: [2, 3], keepdims: 0 });
    const again = c.add('Unsqueeze', [c.list([2, 3])], {}, flat);
    c.to(c.add('Add', [again]));
  },
  (c) => {
    const perm = c.draw.pick([[0, 2, 3, 1], [0, 3, 1, 2], [0, 1, 3, 2]]);
    c.to(c.add('Transpose', [], { perm }), perm.map((axis) => c.shape[axis]!));
  },
  (c) => {
    const shape = c.add('Shape');
    c.to(c.add('Reshape', [shape], {}, c.add('Flatten')));
  },
  (c) => {
    const half = Math.max(1, Math.floor(c.shape[2]! / 2));
    if (c.shape[2]! < 2) return;
    const outputs = [`s${c.nodes.length}`, `t${c.nodes.length}`];
    c.nodes.push({ op: 'Split', inputs: `${c.last} ${c.list([half, c.shape[2]! - half])}`, outputs: outputs.join(' '), attributes: { axis: 2 } });
    c.to(c.add('Concat', [outputs[0]!], { axis: 2 }, outputs[1]));
  },
  (c) => {
    const graph = (op: string) => ({ nodes: [{ op, inputs: c.last, outputs: `b${op}` }], outputs: { [`b${op}`]: ['float', null] as const } });
    const cond = c.add('Greater', [c.weight([])], {}, c.add('ReduceSum', [], { keepdims: 0 }));
    c.to(c.add('If', [], { then_branch: { graph: graph('Relu') }, else_branch: { graph: graph('Neg') } }, cond));
  },
  (c) => c.to(c.add('PRelu', [c.weight([c.shape[1]!, 1, 1])])),
  (c) => c.to(c.add('Where', [c.last, c.weight([1, c.shape[1]!, 1, 1])], {}, c.add('Greater', [c.weight([1])]))),
]; // prettier-ignore

describe('chains of ONNX', () => {
  beforeAll(() => dl.setBackend('cpu'));

  it('give what they give on ONNX Runtime', async () => {
    const before = dl.memory().numTensors;
    let compared = 0;
    for (let number = 0; number < CHAINS; number++) {
      const draw = drawFrom(seed * 1000 + number);
      const chain = new Chain(draw);
      for (let i = draw.int(3, 10); i > 0; i--) draw.pick(links)(chain);
      const bytes = onnxBytes({
        nodes: chain.nodes,
        weights: chain.weights,
        inputs: { x: ['float', [1, 4, 6, 6]] },
        outputs: { [chain.last]: ['float', null] },
      });
      const context = `chain ${number} of seed ${seed}: ${chain.nodes.map(({ op }) => op).join(' ')}`;
      const input = reals(draw, [1, 4, 6, 6]);
      const wanted = await runOnnx(bytes, [['x', input]]);
      if (!wanted) continue;
      compared++;
      const x = dl.tensor([...input.values], [...input.shape]);
      const model = await loadGraphModel(onnxFilesOf(bytes), { format: onnx });
      for (let run = 0; run < 2; run++) {
        const y = model.predict(x) as dl.Tensor;
        const { shape, values } = wanted.get(chain.last)!;
        expect(y.shape)
          .withContext(context)
          .toEqual([...shape]);
        expect(distance(await y.data(), values))
          .withContext(context)
          .toBeLessThan(1e-4);
        y.dispose();
      }
      // Every value under its own name, too.
      const inner = draw.pick(chain.nodes).outputs.split(' ')[0]!;
      const found = model.execute(x, inner);
      dl.dispose([found, x]);
      model.dispose();
    }
    expect(compared).toBeGreaterThan(CHAINS / 2);
    expect(dl.memory().numTensors).toBe(before);
  });
});
