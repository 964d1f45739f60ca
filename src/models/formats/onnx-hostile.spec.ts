import * as dl from 'rxtensor';
import { loadGraphModel, onnx } from 'rxtensor/models';
import { onnxBytes, onnxFilesOf, type OnnxModel } from '../../../test/support/onnx-files';
import { words } from '../../../test/support/draws';
import { testRun } from '../../../test/support/test-run';

const { seed = 0, hostile = 400 } = testRun();

const graphs: readonly OnnxModel[] = [
  {
    nodes: [
      { op: 'Conv', inputs: 'x w b', outputs: 'a', attributes: { pads: [1, 1, 1, 1], strides: [2, 2] } },
      { op: 'Relu', inputs: 'a', outputs: 'c' },
      { op: 'Concat', inputs: 'a c', outputs: 'd', attributes: { axis: 1 } },
      { op: 'Transpose', inputs: 'd', outputs: 'e', attributes: { perm: [0, 2, 3, 1] } },
      { op: 'Reshape', inputs: 'e n', outputs: 'f' },
      { op: 'Slice', inputs: 'f n n', outputs: 'g' },
      { op: 'Softmax', inputs: 'f', outputs: 'y' },
    ],
    inputs: { x: ['float', [1, 2, 4, 4]] },
    weights: {
      w: { shape: [2, 2, 3, 3], values: Array.from({ length: 36 }, (_, i) => Math.sin(i)) },
      b: { shape: [2], raw: new Uint8Array(8) },
      n: { shape: [2], type: 'int64', values: [1, -1] },
    },
    outputs: { y: ['float', null] },
  },
  {
    nodes: [
      { op: 'Constant', inputs: '', outputs: 'k', attributes: { value: { tensor: { shape: [], values: [1] } } } },
      { op: 'Greater', inputs: 'x k', outputs: 'c' },
      {
        op: 'If',
        inputs: 'c',
        outputs: 'y',
        attributes: {
          then_branch: { graph: { nodes: [{ op: 'Neg', inputs: 'x', outputs: 't' }], outputs: { t: ['float', []] } } },
          else_branch: { graph: { nodes: [{ op: 'Exp', inputs: 'x', outputs: 't' }], outputs: { t: ['float', []] } } },
        },
      },
    ],
    inputs: { x: ['float', []] },
    outputs: { y: ['float', []] },
  },
]; // prettier-ignore

/** Bytes that mean much: the ends of ranges, continued varints, tags of fields with a length. */
const TELLING = [0, 1, 2, 7, 8, 10, 0x12, 0x22, 0x2a, 0x3a, 0x7f, 0x80, 0xff];

/** A file with some bytes that are changed, put in, or taken out. */
function mutated(bytes: Uint8Array, number: number): Uint8Array {
  const draw = (i: number, below: number): number => words(seed * 100_000 + number, i)[0] % below;
  let file = bytes.slice();
  for (let change = draw(0, 3); change >= 0; change--) {
    const at = draw(3 * change + 1, file.length);
    const kind = draw(3 * change + 2, 6);
    const value = kind < 3 ? TELLING[draw(3 * change + 3, TELLING.length)]! : draw(3 * change + 3, 256);
    if (kind === 5) file = file.slice(0, at + 1);
    else if (kind === 4)
      file = Uint8Array.of(...file.subarray(0, at), ...file.subarray(at + 1 + (value % 4)));
    else if (kind === 3) file = Uint8Array.of(...file.subarray(0, at), value, ...file.subarray(at));
    else file[at] = value;
    if (file.length < 2) break;
  }
  return file;
}

describe('Hostile models of ONNX', () => {
  it(`give an error of the operator, or run (${hostile} with --flags hostile=N, --seed ${seed})`, async () => {
    const before = dl.memory().numTensors;
    const files = graphs.map(onnxBytes);
    let loaded = 0;
    for (let number = 0; number < hostile; number++) {
      const file = mutated(files[number % files.length]!, number);
      try {
        const model = await loadGraphModel(onnxFilesOf(file), { format: onnx });
        loaded++;
        try {
          const inputs = Object.fromEntries(
            model.inputs.map(({ name, shape, dtype }) => [
              name,
              dl.fill((shape ?? []).map((extent) => Math.min(extent ?? 1, 8)), 1, dtype ?? 'float32'),
            ]),
          ); // prettier-ignore
          try {
            const results = await model.predictAsync(inputs);
            dl.dispose(results);
          } finally {
            dl.dispose(inputs);
          }
        } catch (error) {
          expect((error as Error).message)
            .withContext(`file ${number}`)
            .toMatch(/^predictAsync: /);
        }
        model.dispose();
      } catch (error) {
        expect((error as Error).message)
          .withContext(`file ${number}`)
          .toMatch(/^loadGraphModel: /);
      }
      expect(dl.memory().numTensors).withContext(`file ${number}`).toBe(before);
    }
    expect(loaded).toBeGreaterThan(0);
  });
});
