import * as dl from 'rxtensor';
import type { GraphModel } from 'rxtensor/models';
import { loadGraphModel, tflite } from 'rxtensor/models';
import {
  byte,
  flatBuffer,
  int,
  ints,
  table,
  tables,
  vector,
  type Flat,
} from '../../../test/support/flatbuffer';
import { testRun } from '../../../test/support/test-run';
import { tfliteBytes, tfliteFiles, type ModelOf, type TensorOf } from '../../../test/support/tflite-files';

const load = (bytes: Uint8Array): Promise<GraphModel> =>
  loadGraphModel(tfliteFiles(bytes), { format: tflite });

async function refusal(bytes: Uint8Array): Promise<string> {
  const { numTensors } = dl.memory();
  const error = (await load(bytes).catch((thrown: unknown) => thrown)) as Error;
  expect(error).toBeInstanceOf(Error);
  expect(error.message).toMatch(/^loadGraphModel: /);
  expect(error.message.length).toBeLessThan(3000);
  expect(dl.memory().numTensors).toBe(numTensors);
  return error.message;
}

/** The values of a constant of a file. */
async function constant(
  tensor: TensorOf,
): Promise<[dtype: string, shape: readonly number[], values: number[]]> {
  const unpacked = { op: 'DEQUANTIZE', inputs: [0], outputs: [1] };
  const model = await load(
    tfliteBytes({ tensors: [tensor, {}], operators: [unpacked], inputs: [], outputs: [1] }),
  );
  const y = model.predict({}) as dl.Tensor;
  const found = [...(await y.data())];
  const result: [string, readonly number[], number[]] = [y.dtype, y.shape, found];
  y.dispose();
  model.dispose();
  return result;
}

/** y = relu(x + c), with a name for each tensor. */
const sum: ModelOf = {
  tensors: [
    { name: 'x', shape: [2] },
    { name: 'c', values: [1, -1] },
    { name: 'y', shape: [2] },
  ],
  operators: [{ op: 'ADD', inputs: [0, 1], outputs: [2], options: [byte(1)] }],
  inputs: [0],
  outputs: [2],
};

const uint16s = (...values: number[]): Flat => table(vector(Uint16Array.from(values)));
const uint8s = (...values: number[]): Flat => table(vector(Uint8Array.from(values)));
const int32s = (...values: number[]): Flat => table(ints(...values));
const dense = (size: number): Flat => table(byte(0), int(size));
const sparse = (segments: Flat, indices: Flat, type: number): Flat =>
  table(byte(1), int(0), byte(type), segments, byte(type), indices);

describe('A model of TensorFlow Lite', () => {
  it('has numbers of each type', async () => {
    expect(await constant({ values: [1.5, -2] })).toEqual(['float32', [2], [1.5, -2]]);
    // 1, −2, the smallest subnormal, infinity: IEEE 754-2019, binary16.
    expect(await constant({ type: 'FLOAT16', values: [0x3c00, 0xc000, 1, 0x7c00] })).toEqual([
      'float32',
      [4],
      [1, -2, 2 ** -24, Infinity],
    ]);
    expect(await constant({ type: 'FLOAT64', values: [0.1] })).toEqual(['float32', [1], [Math.fround(0.1)]]);
    expect(await constant({ type: 'INT32', values: [-7], shape: [] })).toEqual(['int32', [], [-7]]);
    // What int32 does not hold stands for "to the end".
    expect(await constant({ type: 'INT64', values: [-7, 2 ** 40, -(2 ** 40)] })).toEqual([
      'int32',
      [3],
      [-7, 0x7fffffff, -0x80000000],
    ]);
    expect(await constant({ type: 'UINT64', values: [7] })).toEqual(['int32', [1], [7]]);
    expect(await constant({ type: 'UINT32', values: [7] })).toEqual(['int32', [1], [7]]);
    expect(await constant({ type: 'INT16', values: [-300] })).toEqual(['int32', [1], [-300]]);
    expect(await constant({ type: 'UINT16', values: [60000] })).toEqual(['int32', [1], [60000]]);
    expect(await constant({ type: 'INT8', values: [-128, 127] })).toEqual(['int32', [2], [-128, 127]]);
    expect(await constant({ type: 'UINT8', values: [255] })).toEqual(['int32', [1], [255]]);
    expect(await constant({ type: 'INT4', values: [0x71, 0x8f], shape: [4] })).toEqual([
      'int32',
      [4],
      [1, 7, -1, -8],
    ]);
    expect(await constant({ type: 'BOOL', values: [0, 1, 2] })).toEqual(['bool', [3], [0, 1, 1]]);
    expect(await constant({ values: [], shape: [0, 2] })).toEqual(['float32', [0, 2], []]);
  });

  it('has many float16 weights, which look their values up', async () => {
    const values = Array.from({ length: 70_000 }, (_, i) => 0x3c00 + (i % 3) * 0x400);
    const [, , found] = await constant({ type: 'FLOAT16', values });
    expect(found.slice(0, 4)).toEqual([1, 2, 4, 1]);
    expect(found.length).toBe(70_000);
  });

  it('has integers that stand for others, on one grid, or one for each channel', async () => {
    expect(await constant({ type: 'UINT8', values: [0, 128, 255], scale: [0.5], zeroPoint: [128] })).toEqual([
      'float32',
      [3],
      [-64, 0, 63.5],
    ]);
    expect(await constant({ type: 'INT8', values: [-2, 3], scale: [2] })).toEqual(['float32', [2], [-4, 6]]);
    const each = { type: 'INT8', values: [1, 2, 3, 4, 5, 6], scale: [1, 10], zeroPoint: [0, 1] } as const;
    expect(await constant({ ...each, shape: [2, 3], axis: 0 })).toEqual([
      'float32',
      [2, 3],
      [1, 2, 3, 30, 40, 50],
    ]);
    expect(await constant({ ...each, shape: [3, 2], axis: 1 })).toEqual([
      'float32',
      [3, 2],
      [1, 10, 3, 30, 5, 50],
    ]);
  });

  it('has weights of which the file holds those that are not zero', async () => {
    // A matrix in rows: [[0, 5, 0], [6, 0, 7]].
    for (const [numbers, type] of [
      [int32s, 1],
      [uint16s, 2],
      [uint8s, 3],
    ] as const) {
      const levels = tables(dense(2), sparse(numbers(0, 1, 3), numbers(1, 0, 2), type));
      expect(
        await constant({ shape: [2, 3], values: [5, 6, 7], sparsity: table(ints(0, 1), null, levels) }),
      ).toEqual(['float32', [2, 3], [0, 5, 0, 6, 0, 7]]);
    }
    // The same matrix in columns.
    const columns = tables(dense(3), sparse(uint8s(0, 1, 2, 3), uint8s(1, 0, 1), 3));
    expect(
      await constant({ shape: [2, 3], values: [6, 5, 7], sparsity: table(ints(1, 0), null, columns) }),
    ).toEqual(['float32', [2, 3], [0, 5, 0, 6, 0, 7]]);
    // Blocks of 1 × 2 in [2, 4]: the second of the first row, the first of the second.
    const blocks = tables(dense(2), sparse(uint8s(0, 1, 2), uint8s(1, 0), 3), dense(2));
    expect(
      await constant({
        shape: [2, 4],
        type: 'FLOAT16',
        values: [0x3c00, 0x4000, 0xbc00, 0x3c00],
        sparsity: table(ints(0, 1, 2), ints(1), blocks),
      }),
    ).toEqual(['float32', [2, 4], [0, 0, 1, 2, -1, 1, 0, 0]]);
    // Integers around a zero point.
    const all = tables(sparse(uint8s(0, 1), uint8s(2), 3));
    expect(
      await constant({
        shape: [3], type: 'UINT8', values: [130], scale: [0.5], zeroPoint: [128], sparsity: table(ints(0), null, all),
      }), // prettier-ignore
    ).toEqual(['float32', [3], [0, 0, 1]]);
  });

  it('names its inputs and outputs as its signature does, else as its tensors', async () => {
    const plain = await load(tfliteBytes(sum));
    expect(plain.inputs).toEqual([{ name: 'x', shape: [2], dtype: 'float32' }]);
    expect(plain.outputs).toEqual([{ name: 'y', shape: [2], dtype: 'float32' }]);
    plain.dispose();
    const signed = await load(tfliteBytes({ ...sum, signature: [{ image: 0 }, { score: 2 }] }));
    expect(signed.inputs.map(({ name }) => name)).toEqual(['image']);
    expect(signed.outputs.map(({ name }) => name)).toEqual(['score']);
    expect(Object.keys(signed.variables)).toEqual(['c']);
    const y = signed.predict({ image: [1, -5] }) as dl.Tensor;
    expect([...(await y.data())]).toEqual([2, 0]);
    y.dispose();
    signed.dispose();
  });

  for (const [key, name] of [
    ['classify', 'classify'],
    [undefined, 'serving_default'],
    ['__proto__', '__proto__'],
  ] as const) {
    it(`has a signature ${key ?? 'without a name'}`, async () => {
      const model = await load(tfliteBytes({ ...sum, signature: [{ image: 0 }, { score: 2 }, key] }));
      expect(Object.keys(model.signatures)).toEqual([name]);
      const { inputs, outputs } = Object.values(model.signatures)[0]!;
      expect(inputs).toEqual([{ name: 'image', shape: [2], dtype: 'float32' }]);
      expect(outputs).toEqual([{ name: 'score', shape: [2], dtype: 'float32' }]);
      model.dispose();
    });
  }

  it('may have tensors of one name, of no name, and of the names that objects have', async () => {
    const [x, c, y] = sum.tensors as [TensorOf, TensorOf, TensorOf];
    const model = await load(
      tfliteBytes({
        tensors: [
          { ...x, name: '__proto__' },
          { ...c, name: '__proto__' },
          { ...y, name: '' },
          { ...y, name: 'constructor:0' },
          { ...y, name: 'constructor:1' },
        ],
        operators: [
          ...sum.operators,
          { op: 'NEG', inputs: [2], outputs: [3] },
          { op: 'NEG', inputs: [3], outputs: [4] },
        ],
        inputs: [0],
        outputs: [3, 4],
      }),
    );
    expect(model.outputs.map(({ name }) => name)).toEqual(['constructor:0', 'constructor:1']);
    const found = model.predict([1, -5]) as Record<string, dl.Tensor>;
    expect([...(await found['constructor:0']!.data())]).toEqual([-2, -0]);
    expect([...(await found['constructor:1']!.data())]).toEqual([2, 0]);
    const x1 = dl.tensor1d([1, -5]);
    const [first] = model.execute([x1], ['constructor:1']);
    expect([...(await first!.data())]).toEqual([2, 0]);
    dl.dispose([found, first!, x1]);
    model.dispose();
  });

  it('takes any extent where its signature of a shape leaves it open', async () => {
    const [x, c, y] = sum.tensors as [TensorOf, TensorOf, TensorOf];
    const open = { signature: [-1, 2], shape: [1, 2] };
    const model = await load(tfliteBytes({ ...sum, tensors: [{ ...x, ...open }, c, { ...y, ...open }] }));
    expect(model.inputs[0]!.shape).toEqual([null, 2]);
    const result = model.predict([[1, 2], [3, 4], [5, 6]]) as dl.Tensor; // prettier-ignore
    expect([...(await result.data())]).toEqual([2, 1, 4, 3, 6, 5]);
    result.dispose();
    model.dispose();
  });

  it('of integers takes and gives integers, and is computed in floats on their grids', async () => {
    // x = (q − 128)/128, w = q·(1/64, 1/32) for two outputs, y = (q − 10)/16.
    const model = await load(
      tfliteBytes({
        tensors: [
          { name: 'x', shape: [1, 2], type: 'UINT8', scale: [1 / 128], zeroPoint: [128] },
          { name: 'w', shape: [2, 2], type: 'INT8', values: [64, -32, 32, 32], scale: [1 / 64, 1 / 32], zeroPoint: [0, 0] },
          { name: 'b', shape: [2], type: 'INT32', values: [8192, -4096], scale: [1 / 8192, 1 / 4096], zeroPoint: [0, 0] },
          { name: 'y', shape: [1, 2], type: 'INT8', scale: [1 / 16], zeroPoint: [10] },
        ],
        operators: [{ op: 'FULLY_CONNECTED', inputs: [0, 1, 2], outputs: [3] }],
        inputs: [0],
        outputs: [3],
      }), // prettier-ignore
    );
    expect(model.inputs).toEqual([{ name: 'x', shape: [1, 2], dtype: 'int32' }]);
    expect(model.outputs).toEqual([{ name: 'y', shape: [1, 2], dtype: 'int32' }]);
    const x = dl.tensor2d([[255, 3]], [1, 2], 'int32');
    const y = model.predict(x) as dl.Tensor;
    // 1 + 0.9921875 + 0.48828125·… by hand: x = (0.9921875, −0.9765625); y = (1 + x0 − x1/2, x0 + x1 − 1).
    const by = (value: number): number => Math.round(value * 16) + 10;
    expect(y.dtype).toBe('int32');
    expect([...(await y.data())]).toEqual([by(1 + 0.9921875 + 0.9765625 / 2), by(0.9921875 - 0.9765625 - 1)]);
    // Beyond the grid is its end.
    const beyond = dl.tensor2d([[-100_000, 128]], [1, 2], 'int32');
    const [far] = model.execute([beyond], ['y']);
    expect([...(await far!.data())]).toEqual([-128, -128]);
    dl.dispose([x, y, beyond, far!]);
    model.dispose();
  });

  it('runs in a stream, and its weights can be trained', async () => {
    const model = await load(tfliteBytes(sum));
    model.trainable = true;
    const x = dl.tensor1d([3, 3]);
    const loss = (): dl.Scalar => dl.sum(model.predict(x) as dl.Tensor);
    const { value, grads } = dl.variableGrads(loss);
    expect((await value.data())[0]).toBe(6);
    expect([...(await grads.c!.data())]).toEqual([1, 1]);
    dl.dispose([value, grads, x]);
    model.dispose();
  });

  it('names all operators that are not supported at once', async () => {
    const message = await refusal(
      tfliteBytes({
        ...sum,
        operators: [
          { op: 'LSTM', inputs: [0, -1], outputs: [1] },
          { op: 'Switch', inputs: [1], outputs: [2] },
        ],
        tensors: [{ name: 'x' }, { name: 'a' }, { name: 'b' }],
      }),
    );
    expect(message).toMatch(
      /^loadGraphModel: the model uses ops that are not supported: LSTM \(in 'a'\), custom Switch \(in 'b'\);/,
    );
  });

  const [x, c, y] = sum.tensors as [TensorOf, TensorOf, TensorOf];
  const changed = (more: Partial<ModelOf>): Uint8Array => tfliteBytes({ ...sum, ...more });
  const weights = (tensor: TensorOf): Uint8Array => changed({ tensors: [x, tensor, y] });
  const level = (levels: Flat, order = ints(0, 1), blocks: Flat | null = null): Uint8Array =>
    weights({ shape: [2, 3], values: [5, 6, 7], sparsity: table(order, blocks, levels) });
  const wrong: readonly [what: string, bytes: Uint8Array, message: RegExp][] = [
    ['nothing', new Uint8Array(), /has '' at byte 4 of 0; wanted 'TFL3'/],
    [
      'a page of HTML',
      new TextEncoder().encode('<!doctype html><title>404</title>'),
      /is a page of HTML: <!doctype html>/,
    ],
    ['another file', new TextEncoder().encode('{"format":"graph-model"}'), /has 'rmat' at byte 4 of 24; wanted 'TFL3'/],
    ['half a file', tfliteBytes(sum).slice(0, 100), /bytes are wanted at byte \d+; the file has 100: it is damaged, or not complete$/],
    ['the start of a file', tfliteBytes(sum).slice(0, 8), /the file has 8/],
    ['no subgraph', flatBuffer(table(int(3))), /has no subgraph; wanted one$/],
    ['an input that is not there', changed({ inputs: [9] }), /the tensor 9 is used; wanted one of the 3 of the file$/],
    ['an output that is not there', changed({ outputs: [-5] }), /the tensor -5 is used/],
    ['an operator of no code', flatBuffer(table(int(3), null, tables(table(tables(), null, null, tables(table()))))), /an operator has the code 0; wanted one of the 0 of the file$/],
    ['a tensor given twice', changed({ operators: [...sum.operators, ...sum.operators] }), /the tensor 'y' \(2\) is given twice; wanted one operator, or an input$/],
    ['operators in another order', changed({ operators: [{ op: 'NEG', inputs: [2], outputs: [1] }, ...sum.operators], tensors: [x, y, { ...y, name: 'z' }] }), /the tensor 'z' \(2\) is read before an operator has given it/],
    ['an input that is left out', changed({ operators: [{ op: 'ADD', inputs: [-1, 1], outputs: [2] }] }), /ADD of 'y' leaves out input 0, which is optional; wanted all inputs$/],
    ['too few numbers', weights({ ...c, shape: [3] }), /the tensor 't1' \(1\) is FLOAT32 \[3\], and has 8 bytes; wanted 12$|is FLOAT32 \[3\], and has 8 bytes; wanted 12$/],
    ['half a number', weights({ type: 'FLOAT32', shape: [2], values: [1], name: 'c' }), /the tensor 'c' \(1\) is FLOAT32 \[2\], and has 4 bytes; wanted 8$/],
    ['2⁴⁰ numbers', weights({ ...c, shape: [2 ** 20, 2 ** 20] }), /has 8 bytes; wanted 4398046511104$/],
    ['a negative extent', weights({ ...c, shape: [-1, -2] }), /is FLOAT32 \[-1,-2\], and has 8 bytes/],
    ['texts', weights({ type: 'STRING', values: [1, 2] }), /is of type 5; wanted FLOAT32, FLOAT16, INT32/],
    ['a scale that is no number', weights({ type: 'INT8', values: [1], scale: [NaN] }), /has scales \[NaN\] and zero points \[\]; wanted finite numbers, as many of both$/],
    ['more zero points than scales', weights({ type: 'INT8', values: [1], scale: [1], zeroPoint: [1, 2] }), /wanted finite numbers/],
    ['scales of another axis', weights({ type: 'INT8', values: [1, 2], scale: [1, 2, 3] }), /has 3 scales along axis 0 of \[2\]; wanted one for each place$/],
    ['a result with scales', changed({ tensors: [x, c, { ...y, type: 'INT8', scale: [1, 2] }] }), /is computed, and has 2 scales; wanted one$/],
    ['few levels', level(tables(dense(2))), /has levels in the order \[0,1\] with blocks of \[\]; wanted each of its 2 dimensions once/],
    ['a dimension twice', level(tables(dense(2), dense(3)), ints(0, 0)), /wanted each of its 2 dimensions once/],
    ['blocks of a dimension that is not there', level(tables(dense(2), dense(3), dense(1)), ints(0, 1, 2), ints(5)), /wanted each of its 2 dimensions once/],
    ['a level of another size', level(tables(dense(2), dense(2 ** 30))), /has 1073741824 places in level 1 along axis 1 with blocks of 1; wanted 3$/],
    ['blocks that do not fit', level(tables(dense(2), dense(3), dense(2)), ints(0, 1, 2), ints(1)), /with blocks of 2; wanted 1\.5$/],
    ['more values than the file has', level(tables(dense(2), dense(3))), /is sparse, and has 3 values; wanted one at 3$/],
    ['fewer values than the file has', level(tables(dense(2), sparse(uint8s(0, 1, 2), uint8s(0, 1), 3))), /is sparse, and has 3 values; wanted 2, to which its levels lead$/],
    ['an index beyond', level(tables(dense(2), sparse(uint8s(0, 1, 3), uint8s(1, 3, 2), 3))), /has the index 3; wanted one from 0 to 2$/],
    ['segments that go back', level(tables(dense(2), sparse(uint8s(0, 3, 1), uint8s(1, 0, 2), 3))), /has a segment \[3, 1\]; wanted ascending ones within 3 indices$/],
    ['a sparse weight of 2⁴⁰ places', weights({ shape: [2 ** 20, 2 ** 20], values: [1], sparsity: table(ints(0, 1), null, tables(dense(1), dense(1))) }), /has shape \[1048576,1048576\], and few values; wanted at most \d+ places$/],
    ['a fused activation that is not known', changed({ operators: [{ op: 'ADD', inputs: [0, 1], outputs: [2], options: [byte(5)] }] }), /none/],
  ]; // prettier-ignore
  for (const [what, bytes, message] of wrong.slice(0, -1)) {
    it(`is refused for ${what}`, async () => {
      expect(await refusal(bytes)).toMatch(message);
    });
  }

  it('with an activation that is not known says so when it runs', async () => {
    const model = await load(wrong.at(-1)![1]);
    expect(() => model.predict([1, 2])).toThrowError(
      /^predict: ADD of node 'y' of .*: the fused activation 5 is not supported; wanted 0 to 4$/,
    );
    model.dispose();
  });

  it('in which few bytes are read again and again is refused in time', async () => {
    // 20,000 tensors of one shape of 20,000 extents: the offsets in the list of tensors all lead to the first.
    const count = 20_000;
    const shape = ints(...new Array<number>(count).fill(1));
    const bytes = flatBuffer(
      table(
        int(3),
        null,
        tables(table(tables(table(shape), ...Array.from({ length: count - 1 }, () => table())))),
        null,
        tables(table()),
      ),
    );
    const view = new DataView(bytes.buffer);
    let list = 0;
    while (view.getUint32(list, true) !== count) list += 4;
    const first = list + 4 + view.getUint32(list + 4, true);
    for (let i = 0; i < count; i++) view.setUint32(list + 4 + 4 * i, first - (list + 4 + 4 * i), true);
    const began = performance.now();
    expect(await refusal(bytes)).toMatch(/the same bytes are read again and again; wanted a file in which/);
    expect(performance.now() - began).toBeLessThan(5000);
  });

  it('is a model that runs or an error, whatever bytes are changed', async () => {
    const { seed = 1, hostile: draws = 300 } = testRun();
    let state = seed;
    const random = (below: number): number => {
      // Numerical Recipes' generator.
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const right = [
      tfliteBytes({ ...sum, signature: [{ image: 0 }, { score: 2 }] }),
      tfliteBytes({
        tensors: [
          { name: 'x', shape: [1, 3, 3, 2] },
          { name: 'w', shape: [2, 2, 2, 2], type: 'INT8', values: Array.from({ length: 16 }, (_, i) => i - 8), scale: [0.5, 0.25], zeroPoint: [0, 1] },
          { name: 's', shape: [2, 3], values: [5, 6, 7], sparsity: table(ints(0, 1), null, tables(dense(2), sparse(uint8s(0, 1, 3), uint8s(1, 0, 2), 3))) },
          { name: 'd', shape: [2, 3] },
          { name: 'p', shape: [2], type: 'INT32', values: [-1, 2] },
          { name: 'y', shape: [1, 2, 2, 2] },
          { name: 'r', shape: [4, 2] },
          { name: 'z', shape: [4, 3], type: 'UINT8', scale: [0.5], zeroPoint: [3] },
        ],
        operators: [
          { op: 'DENSIFY', inputs: [2], outputs: [3] },
          { op: 'CONV_2D', inputs: [0, 1], outputs: [5], options: [byte(1), int(1), int(1), byte(1)] },
          { op: 'RESHAPE', inputs: [5, 4], outputs: [6] },
          { op: 'BATCH_MATMUL', inputs: [6, 3], outputs: [7] },
        ],
        inputs: [0],
        outputs: [7],
      }),
    ]; // prettier-ignore
    const before = dl.memory().numTensors;
    let loaded = 0;
    for (let draw = 0; draw < draws; draw++) {
      const bytes = right[draw % right.length]!.slice();
      const view = new DataView(bytes.buffer);
      for (let change = random(3); change >= 0; change--) {
        const at = random(bytes.length - 4);
        const kind = random(4);
        if (kind === 0) bytes[at] = random(256);
        else if (kind === 1) bytes[at]! ^= 1 << random(8);
        else
          view.setInt32(
            at & ~3,
            [0, -1, 0x7fffffff, random(64), random(bytes.length), -random(99)][random(6)]!,
            true,
          );
      }
      const given = random(10) === 0 ? bytes.slice(0, random(bytes.length)) : bytes;
      const model = await load(given).catch((thrown: unknown) => thrown as Error);
      if (model instanceof Error) {
        expect(model.message).toMatch(/^loadGraphModel: .{1,3000}$/s);
        continue;
      }
      loaded++;
      const tensors = model.inputs.map(({ shape, dtype }) => {
        const extents = (shape ?? []).map((extent) => Math.min(extent ?? 1, 9));
        return dl.zeros(extents.slice(0, 4), dtype ?? 'float32');
      });
      try {
        dl.dispose(model.predict(tensors));
      } catch (thrown) {
        expect((thrown as Error).message).toMatch(/^predict: .{1,3000}$/s);
      }
      dl.dispose(tensors);
      model.dispose();
    }
    expect(loaded).toBeGreaterThan(draws / 20);
    expect(dl.memory().numTensors).toBe(before);
  }, 600_000);
});
