// Each op of ONNX gives what it gives on ONNX Runtime, with inputs and attributes that are drawn. --flags seed=N repeats a run.
import * as dl from 'rxtensor';
import { loadGraphModel, onnx } from 'rxtensor/models';
import { onnxOps } from '../../src/models/ops/onnx';
import { onnxBytes, onnxFilesOf, type ElementName, type OnnxModel } from '../support/onnx-files';
import { drawFrom, type Input, type OpCase } from './onnx-ops/case';
import { elementwise } from './onnx-ops/elementwise';
import { images } from './onnx-ops/images';
import { moves } from './onnx-ops/moves';
import { sums } from './onnx-ops/sums';
import { runOnnx, type OnnxValue } from './onnx-runtime';
import { testRun } from '../support/test-run';

const cases = { ...elementwise, ...images, ...moves, ...sums };

/** Ops that the runtime does not have on WebAssembly, or only in versions that it refuses. src/models/ops/onnx/ops.spec.ts tries them. */
const elsewhere = [
  'Scatter',
  'Swish',
  'RMSNormalization',
  'layout:Filter',
  'layout:ChannelsFirst',
  'layout:ChannelsLast',
];

/** Drawn cases for each op. */
const DRAWS = 12;
const { seed = 0 } = testRun();

/** A model of one node, and what is fed to it. */
function modelOf(op: string, { inputs, attributes, outputs = ['float'], opset = 17 }: OpCase) {
  const named = inputs.map((input, i) => [input === null ? '_' : `x${i}`, input] as const);
  const some = named.filter((each): each is readonly [string, Input] => each[1] !== null);
  const results = outputs.map((_, i) => `y${i}`);
  const model: OnnxModel = {
    opset,
    nodes: [
      { op, inputs: named.map(([name]) => name).join(' '), outputs: results.join(' '), ...(attributes && { attributes }) },
    ],
    inputs: Object.fromEntries(
      some.flatMap(([name, { type, shape, isWeight }]) => (isWeight ? [] : [[name, [type, shape]]])),
    ),
    weights: Object.fromEntries(some.filter(([, { isWeight }]) => isWeight)),
    outputs: Object.fromEntries(results.map((name, i) => [name, [outputs[i]!, null]])),
  };
  return { model, feeds: some.filter(([, { isWeight }]) => !isWeight) };
} // prettier-ignore

const dtypes: Readonly<Partial<Record<ElementName, dl.DataType>>> = {
  float: 'float32',
  double: 'float32',
  bool: 'bool',
};

/** The first value that is wrong, in words. */
function wrongValue(found: ArrayLike<number>, { values }: OnnxValue, tolerance: number): string {
  const greatest = Math.max(1, ...values.filter(Number.isFinite).map(Math.abs));
  const at = values.findIndex(
    (value, i) => !Object.is(found[i], value) && !(Math.abs(found[i]! - value) <= tolerance * greatest),
  );
  return at < 0 ? '' : `value ${at} is ${found[at]}; wanted ${values[at]}`;
}

describe('Ops of ONNX', () => {
  beforeAll(() => dl.setBackend('cpu'));

  it('are all compared', () => {
    expect([...Object.keys(cases).filter((op) => op !== 'Identity'), ...elsewhere].sort()).toEqual(
      Object.keys(onnxOps).sort(),
    );
  });

  for (const [op, draw] of Object.entries(cases)) {
    it(`${op} gives what it gives on ONNX Runtime`, async () => {
      const before = dl.memory().numTensors;
      let compared = 0;
      for (let number = 0; number < DRAWS; number++) {
        const drawn = draw(drawFrom(seed * 1000 + number));
        const { model, feeds } = modelOf(op, drawn);
        const bytes = onnxBytes(model);
        const wanted = await runOnnx(bytes, feeds);
        // The runtime has no such type or version of this op on WebAssembly, or refuses what was drawn.
        if (wanted === null) continue;
        compared++;
        const context = `draw ${number} of seed ${seed}: ${JSON.stringify(drawn, (key, value: unknown) => (key === 'values' && (value as number[]).length > 12 ? '…' : value))}`;
        try {
          const ours = await loadGraphModel(onnxFilesOf(bytes), { format: onnx });
          const inputs = Object.fromEntries(
            feeds.map(([name, { type, shape, values }]) => [name, dl.tensor([...values], [...shape], dtypes[type] ?? 'int32')]),
          );
          for (let run = 0; run < 2; run++) {
            const names = Object.keys(model.outputs);
            const results = ours.execute(inputs, names);
            for (const [i, name] of names.entries()) {
              expect(results[i]!.shape).withContext(context).toEqual(wanted.get(name)!.shape as number[]);
              const wrong = wrongValue(await results[i]!.data(), wanted.get(name)!, drawn.tolerance ?? 1e-5);
              expect(wrong).withContext(context).toBe('');
            }
            dl.dispose(results);
          }
          dl.dispose(inputs);
          ours.dispose();
        } catch (error) {
          fail(`${context}: ${(error as Error).message}`);
          break;
        }
      }
      expect(compared).toBeGreaterThanOrEqual(DRAWS / 4);
      expect(dl.memory().numTensors).toBe(before);
    });
  }
}); // prettier-ignore
