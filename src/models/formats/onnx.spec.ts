import * as dl from 'rxtensor';
import { loadGraphModel, onnx, type GraphModel, type NamedTensors } from 'rxtensor/models';
import {
  onnxBytes,
  onnxFiles,
  onnxFilesOf,
  type OnnxGraph,
  type OnnxModel,
  type OnnxTensor,
} from '../../../test/support/onnx-files';

const load = (model: OnnxModel): Promise<GraphModel> => loadGraphModel(onnxFiles(model), { format: onnx });

async function numbers(result: dl.Tensor | NamedTensors): Promise<number[]> {
  const tensor = result as dl.Tensor;
  const values = [...(await tensor.data())];
  tensor.dispose();
  return values;
}

/** A model that gives a tensor of its file. */
const showing = (tensor: OnnxTensor): OnnxModel => ({
  nodes: [{ op: 'Identity', inputs: 'w', outputs: 'y' }],
  weights: { w: tensor },
  outputs: { y: [tensor.type ?? 'float', null] },
});

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

const scalarIf = (branches: Readonly<Record<'then' | 'else', OnnxGraph>>): OnnxModel => ({
  nodes: [
    {
      op: 'If',
      inputs: 'c',
      outputs: 'y',
      attributes: { then_branch: { graph: branches.then }, else_branch: { graph: branches.else } },
    },
  ],
  inputs: { c: ['bool', []], x: ['float', [2]] },
  outputs: { y: ['float', [2]] },
});

describe('A model of ONNX', () => {
  const line: OnnxModel = {
    nodes: [
      { op: 'MatMul', inputs: 'x w', outputs: 'product:0' },
      { op: 'Add', inputs: 'product:0 b', outputs: 'y' },
    ],
    inputs: { x: ['float', [null, 2]] },
    weights: { w: { shape: [2, 1], values: [1, 10] }, b: { shape: [1], values: [100] } },
    outputs: { y: ['float', [null, 1]] },
  };

  it('reads a model with its names', async () => {
    const model = await load(line);
    expect(model.inputs).toEqual([{ name: 'x', shape: [null, 2], dtype: 'float32' }]);
    expect(model.outputs).toEqual([{ name: 'y', shape: [null, 1], dtype: 'float32' }]);
    expect(Object.keys(model.variables)).toEqual(['w', 'b']);
    const x = dl.tensor2d([[1, 2]]);
    expect(await numbers(model.predict(x))).toEqual([121]);
    expect(await numbers(model.execute(x, 'product:0'))).toEqual([21]);
    x.dispose();
    model.dispose();
  });

  it('reads every form of numbers', async () => {
    const forms: readonly (readonly [OnnxTensor, dl.DataType, number[]])[] = [
      [{ shape: [2], values: [1.5, -2] }, 'float32', [1.5, -2]],
      [{ shape: [2], raw: bytesOf(Float32Array.of(1.5, -2)) }, 'float32', [1.5, -2]],
      [{ shape: [1], type: 'double', values: [0.5] }, 'float32', [0.5]],
      [{ shape: [1], type: 'double', raw: bytesOf(Float64Array.of(0.5)) }, 'float32', [0.5]],
      // 1, −2, infinity: IEEE 754-2019, binary16.
      [{ shape: [3], type: 'float16', values: [0x3c00, 0xc000, 0x7c00] }, 'float32', [1, -2, Infinity]],
      [{ shape: [1], type: 'float16', raw: Uint8Array.of(0, 0x3c) }, 'float32', [1]],
      [{ shape: [2], type: 'bfloat16', raw: Uint8Array.of(0x80, 0x3f, 0, 0xc0) }, 'float32', [1, -2]],
      [{ shape: [2], type: 'int32', values: [7, -7] }, 'int32', [7, -7]],
      [{ shape: [2], type: 'int8', raw: Uint8Array.of(255, 1) }, 'int32', [-1, 1]],
      [{ shape: [2], type: 'int8', values: [-1, 1] }, 'int32', [-1, 1]],
      [{ shape: [1], type: 'uint8', values: [255] }, 'int32', [255]],
      [{ shape: [1], type: 'int16', raw: bytesOf(Int16Array.of(-300)) }, 'int32', [-300]],
      [{ shape: [1], type: 'uint16', raw: bytesOf(Uint16Array.of(60000)) }, 'int32', [60000]],
      [{ shape: [1], type: 'uint32', values: [9] }, 'int32', [9]],
      [{ shape: [1], type: 'uint64', raw: bytesOf(BigUint64Array.of(9n)) }, 'int32', [9]],
      // int64 is kept in int32; INT64_MAX only stands for "to the end".
      [{ shape: [3], type: 'int64', values: [-5, 2 ** 53, -(2 ** 53)] }, 'int32', [-5, 2 ** 31 - 1, -(2 ** 31)]],
      [{ shape: [2], type: 'int64', raw: bytesOf(BigInt64Array.of(-5n, 2n ** 63n - 1n)) }, 'int32', [-5, 2 ** 31 - 1]],
      [{ shape: [3], type: 'bool', values: [0, 1, 1] }, 'bool', [0, 1, 1]],
      [{ shape: [2], type: 'bool', raw: Uint8Array.of(0, 1) }, 'bool', [0, 1]],
      [{ shape: [0, 4], values: [] }, 'float32', []],
      [{ shape: [], values: [3] }, 'float32', [3]],
    ]; // prettier-ignore
    for (const [tensor, dtype, values] of forms) {
      const model = await load(showing(tensor));
      const y = model.predict([]) as dl.Tensor;
      expect(y.dtype).toBe(dtype);
      expect([...(y.shape as readonly number[])]).toEqual([...tensor.shape]);
      expect(await numbers(y)).toEqual(values);
      model.dispose();
    }
  });

  it('reads values beside the file', async () => {
    const external = { location: 'weights/all.bin', offset: '4', length: '8' };
    const bytes = onnxBytes(showing({ shape: [2], external }));
    const others = { 'weights/all.bin': bytesOf(Float32Array.of(9, 1.5, -2, 9)) };
    const model = await loadGraphModel(onnxFilesOf(bytes, others), { format: onnx });
    expect(await numbers(model.predict([]))).toEqual([1.5, -2]);
    model.dispose();
    for (const [wrong, message] of [
      [{ location: 'weights/all.bin', offset: '12', length: '8' }, /'8' bytes from '12' of 'weights\/all.bin'.*16 bytes/],
      [{ location: 'weights/all.bin', offset: '-4' }, /wanted a part of its 16 bytes/],
      [{ location: '../all.bin' }, /the tensor 'w' is in the file '..\/all.bin'; wanted a path below/],
      [{ location: 'https://a.b/c' }, /wanted a path below/],
      [{ location: 'none.bin' }, /there is no file 'none.bin'/],
      [{}, /is in the file undefined/],
    ] as const)
      await expectAsync(
        loadGraphModel(onnxFilesOf(onnxBytes(showing({ shape: [2], external: { ...wrong } })), others), { format: onnx }),
      ).toBeRejectedWithError(message);
  }); // prettier-ignore

  it('reads constants of nodes, and inputs with defaults', async () => {
    const model = await load({
      nodes: [
        { op: 'Constant', inputs: '', outputs: 'a', attributes: { value_floats: { floats: [1, 2] } } },
        { op: 'Constant', inputs: '', outputs: 'b', attributes: { value_float: { float: 10 } } },
        { op: 'Constant', inputs: '', outputs: 'i', attributes: { value_ints: [1, 0] } },
        { op: 'Constant', inputs: '', outputs: 'k', attributes: { value_int: 0 } },
        { op: 'Gather', inputs: 'a i', outputs: 'g', attributes: { axis: 0 } },
        { op: 'Mul', inputs: 'g b', outputs: 'm' },
        { op: 'CumSum', inputs: 'm k', outputs: 'n' },
        { op: 'Add', inputs: 'n d', outputs: 'y' },
      ],
      inputs: { d: ['float', [1]] },
      weights: { d: { shape: [1], values: [0.5] } },
      outputs: { y: ['float', null] },
    });
    expect(model.inputs).toEqual([]);
    expect(await numbers(model.predict([]))).toEqual([20.5, 30.5]);
    model.dispose();
  });

  it('takes the branch of an If that its condition says, with values from outside', async () => {
    const twice: OnnxGraph = {
      nodes: [{ op: 'Add', inputs: 'x x', outputs: 't' }],
      outputs: { t: ['float', null] },
    };
    // The same name inside, and a value from outside as it is.
    const model = await load(scalarIf({ then: twice, else: { nodes: [], outputs: { x: ['float', null] } } }));
    const x = dl.tensor1d([1, 2]);
    for (let run = 0; run < 2; run++) {
      expect(await numbers(model.predict({ c: true, x }))).toEqual([2, 4]);
      expect(await numbers(model.predict({ c: false, x }))).toEqual([1, 2]);
    }
    x.dispose();
    model.dispose();
  });

  it('runs only the branch that is taken, also inside another', async () => {
    const wrong: OnnxGraph = {
      nodes: [{ op: 'Reshape', inputs: 'x n', outputs: 't' }],
      weights: { n: { shape: [1], type: 'int64', values: [7] } },
      outputs: { t: ['float', null] },
    };
    const right: OnnxGraph = {
      nodes: [{ op: 'Neg', inputs: 'x', outputs: 't' }],
      outputs: { t: ['float', null] },
    };
    const inner: OnnxGraph = {
      nodes: [
        { op: 'Not', inputs: 'c', outputs: 'no' },
        { op: 'If', inputs: 'no', outputs: 't', attributes: { then_branch: { graph: wrong }, else_branch: { graph: right } } },
      ],
      outputs: { t: ['float', null] },
    }; // prettier-ignore
    const model = await load(scalarIf({ then: inner, else: wrong }));
    const x = dl.tensor1d([1, 2]);
    const c = dl.scalar(true, 'bool');
    expect(await numbers(model.predict({ c, x }))).toEqual([-1, -2]);
    expect(await numbers(await model.predictAsync({ c, x }))).toEqual([-1, -2]);
    dl.dispose([x, c]);
    model.dispose();
  });

  it('takes nodes in any order, and outputs that are inputs or weights', async () => {
    const model = await load({
      nodes: [
        { op: 'Neg', inputs: 'a', outputs: 'b' },
        { op: 'Exp', inputs: 'x', outputs: 'a' },
      ],
      inputs: { x: ['float', [1]] },
      weights: { w: { shape: [1], values: [5] } },
      outputs: { b: ['float', null], x: ['float', null], w: ['float', null] },
    });
    const results = model.predict([0]) as NamedTensors;
    expect(await numbers(results.b!)).toEqual([-1]);
    expect(await numbers(results.x!)).toEqual([0]);
    expect(await numbers(results.w!)).toEqual([5]);
    model.dispose();
  });

  it('refuses sequences of different lengths', async () => {
    const model = await load({
      nodes: [
        { op: 'RNN', inputs: 'x w r _ n', outputs: 'y', attributes: { hidden_size: 1 } },
      ],
      inputs: { x: ['float', [2, 1, 1]] },
      weights: {
        w: { shape: [1, 1, 1], values: [1] },
        r: { shape: [1, 1, 1], values: [1] },
        n: { shape: [1], type: 'int32', values: [1] },
      },
      outputs: { y: ['float', null] },
    }); // prettier-ignore
    expect(() => model.predict([[[1]], [[1]]])).toThrowError(
      /predict: RNN of node 'y' .*: the lengths of the sequences are 1; wanted 2 for all/,
    );
    model.dispose();
  });

  it('trains a net of convolutions', async () => {
    const values = (length: number, of = 1): number[] =>
      Array.from({ length }, (_, i) => of * Math.sin(3 * i + 1));
    const model = await load({
      nodes: [
        { op: 'Conv', inputs: 'x w b', outputs: 'a', attributes: { pads: [1, 1, 1, 1] } },
        { op: 'BatchNormalization', inputs: 'a s o m v', outputs: 'n' },
        { op: 'Relu', inputs: 'n', outputs: 'r' },
        { op: 'MaxPool', inputs: 'r', outputs: 'p', attributes: { kernel_shape: [2, 2], strides: [2, 2] } },
        { op: 'Conv', inputs: 'p d', outputs: 'e', attributes: { group: 3 } },
        { op: 'GlobalAveragePool', inputs: 'e', outputs: 'g' },
        { op: 'Flatten', inputs: 'g', outputs: 'f' },
        { op: 'Gemm', inputs: 'f k c', outputs: 'y' },
      ],
      inputs: { x: ['float', [null, 2, 4, 4]] },
      weights: {
        w: { shape: [3, 2, 3, 3], values: values(54, 0.5) },
        b: { shape: [3], values: [0, 0, 0] },
        s: { shape: [3], values: [1, 1, 1] },
        o: { shape: [3], values: [0.1, 0.2, 0.3] },
        m: { shape: [3], values: [0, 0, 0] },
        v: { shape: [3], values: [1, 1, 1] },
        d: { shape: [3, 1, 1, 1], values: [1, -1, 0.5] },
        k: { shape: [3, 1], values: [0.3, 0.2, -0.4] },
        c: { shape: [1], values: [0] },
      },
      outputs: { y: ['float', [null, 1]] },
    });
    model.trainable = true;
    const x = dl.tensor(values(2 * 32), [2, 2, 4, 4]);
    const target = dl.tensor2d([[1], [-1]]);
    const optimizer = dl.train.sgd(0.05);
    const step = async (): Promise<number> => {
      const loss = optimizer.minimize(
        () => dl.losses.meanSquaredError(target, model.predict(x) as dl.Tensor),
        true,
      )!;
      return (await numbers(loss))[0]!;
    };
    const first = await step();
    await step();
    const { numTensors } = dl.memory();
    let last = 0;
    for (let i = 0; i < 30; i++) last = await step();
    expect(last).toBeLessThan(0.5 * first);
    expect(dl.memory().numTensors).toBe(numTensors);
    optimizer.dispose();
    dl.dispose([x, target]);
    model.dispose();
  });

  it('has gradients that differences agree with', async () => {
    const model = await load({
      nodes: [
        { op: 'Conv', inputs: 'x w', outputs: 'a', attributes: { pads: [1, 1], strides: [2] } },
        { op: 'Add', inputs: 'a t', outputs: 'b' },
        { op: 'Tanh', inputs: 'b', outputs: 'c' },
        { op: 'ReduceSum', inputs: 'c', outputs: 'y', attributes: { keepdims: 0 } },
      ],
      inputs: { x: ['float', [1, 2, 5]] },
      weights: {
        w: { shape: [2, 2, 3], values: [0.1, -0.2, 0.3, 0.5, 0.4, -0.3, 0.2, 0.1, -0.1, 0.6, -0.5, 0.2] },
        t: { shape: [2, 1], values: [0.3, -0.2] },
      },
      outputs: { y: ['float', []] },
    });
    const at = [0.1, 0.4, -0.3, 0.8, -0.6, 0.2, -0.1, 0.5, 0.9, -0.7];
    const run = (values: readonly number[]): dl.Tensor =>
      dl.tidy(() => model.predict(dl.tensor([...values], [1, 2, 5])) as dl.Tensor);
    const x = dl.tensor(at, [1, 2, 5]);
    const slope = await numbers(dl.grad((input) => model.predict(input) as dl.Tensor)(x));
    for (const i of [0, 3, 9]) {
      const moved = (by: number): number[] => at.map((value, k) => (k === i ? value + by : value));
      const [[more], [less]] = [await numbers(run(moved(0.01))), await numbers(run(moved(-0.01)))];
      expect(Math.abs((more! - less!) / 0.02 - slope[i]!)).toBeLessThan(2e-3);
    }
    x.dispose();
    model.dispose();
  });
});

describe('A model of ONNX is refused for', () => {
  const neg = (inputs: string, outputs: string) => ({ op: 'Neg', inputs, outputs });
  const wrong: Readonly<Record<string, readonly [OnnxModel, RegExp]>> = {
    'ops that are not supported, all at once': [
      {
        nodes: [
          { op: 'Loop', inputs: 'x', outputs: 'a' },
          { op: 'Switch', inputs: 'a a', outputs: 'b' },
          { op: 'Attention', inputs: 'b', outputs: 'c', domain: 'com.microsoft' },
          { op: 'layout:Filter', inputs: 'c', outputs: 'y' },
        ],
        inputs: { x: ['float', null] },
        outputs: { y: ['float', null] },
      },
      /ops that are not supported: Loop \(in 'a'\), ai.onnx:Switch \(in 'b'\), com.microsoft:Attention \(in 'c'\), ai.onnx:layout:Filter/,
    ],
    'a value that is computed nowhere': [
      { nodes: [neg('z', 'y')], outputs: { y: ['float', null] } },
      /model.onnx: the value 'z', on which 'y' depends, is computed nowhere/,
    ],
    'a value that is computed twice': [
      { nodes: [neg('x', 'y'), neg('x', 'y')], inputs: { x: ['float', null] }, outputs: { y: ['float', null] } },
      /the value 'y' is computed twice/,
    ],
    'a circle': [
      { nodes: [neg('a', 'y'), neg('y', 'a')], outputs: { y: ['float', null] } },
      /depends on itself/,
    ],
    'a tensor that has another number of values': [
      showing({ shape: [3], values: [1] }),
      /the tensor 'w' has 1 numbers; wanted 3 for float \[3\]/,
    ],
    'a declared size of 2⁴⁰': [
      showing({ shape: [2 ** 20, 2 ** 20], raw: new Uint8Array(8) }),
      /has 2 numbers; wanted 1099511627776/,
    ],
    'a negative extent': [showing({ shape: [-1], values: [] }), /has the shape \[-1\]; wanted whole numbers/],
    texts: [showing({ shape: [1], type: 'string', values: [] }), /the element type is 8; wanted 1 \(float\)/],
    'an If without a branch': [
      {
        nodes: [{ op: 'If', inputs: 'c', outputs: 'y', attributes: {} }],
        inputs: { c: ['bool', []] },
        outputs: { y: ['float', null] },
      },
      /the If 'y' has no 'else_branch'/,
    ],
    'a model without outputs': [{ nodes: [], outputs: {} }, /has no outputs/],
  }; // prettier-ignore
  for (const [what, [model, message]] of Object.entries(wrong))
    it(what, async () => {
      await expectAsync(load(model)).toBeRejectedWithError(message);
    });

  const bytes = onnxBytes({
    nodes: [neg('x', 'y')],
    inputs: { x: ['float', [1]] },
    outputs: { y: ['float', [1]] },
  });
  const damaged: Readonly<Record<string, readonly [Uint8Array, RegExp]>> = {
    'an empty file': [new Uint8Array(0), /model.onnx has no graph/],
    'a file that ends early': [bytes.subarray(0, bytes.length - 20), /is damaged at byte \d+/],
    'a length beyond the file': [
      Uint8Array.of(0x3a, 0xff, 0xff, 0xff, 0xff, 0x7f),
      /a part ends at 34359738373 of 6 bytes/,
    ],
    'a number without an end': [new Uint8Array(20).fill(0xff), /is damaged at byte/],
    'another wire type': [Uint8Array.of(0x3d, 1, 2, 3, 4), /a field has the wire type 5/],
    'a page of HTML': [new TextEncoder().encode('<!doctype html><p>404'), /found a page of HTML: <!doctype/],
  };
  for (const [what, [file, message]] of Object.entries(damaged))
    it(what, async () => {
      await expectAsync(loadGraphModel(onnxFilesOf(file), { format: onnx })).toBeRejectedWithError(message);
    });

  it('deep nesting', async () => {
    let graph: OnnxGraph = { nodes: [], outputs: {} };
    for (let i = 0; i < 60; i++) graph = { nodes: [{ op: 'If', inputs: '', outputs: 'y', attributes: { then_branch: { graph } } }], outputs: {} }; // prettier-ignore
    await expectAsync(load(graph)).toBeRejectedWithError(/more than 100 parts are nested/);
  });

  it('an input of another shape', async () => {
    const model = await loadGraphModel(onnxFilesOf(bytes), { format: onnx });
    expect(() => model.predict([1, 2])).toThrowError(/predict: input 'x' is float32 \[2\]; wanted float32 \[1\]/);
    model.dispose();
  }); // prettier-ignore
});
