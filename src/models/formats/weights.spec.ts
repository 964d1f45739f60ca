import * as dl from 'rxtensor';
import { loadGraphModel, tfjsGraph, type Constant } from 'rxtensor/models';
import { filesWith, joined, node } from '../../../test/support/graph-files';
import { ofHalfFloats } from '../../tensor/half-floats';

interface Manifest {
  readonly name: string;
  readonly shape: readonly unknown[];
  readonly dtype: string;
  readonly quantization?: unknown;
}

const model = (weightsManifest: unknown): object => ({
  modelTopology: { node: [node('y', 'Const')] },
  weightsManifest,
});

async function read(
  weights: readonly Manifest[],
  stored: readonly ArrayBufferView[],
): Promise<ReadonlyMap<string, Constant>> {
  const bytes = joined(stored);
  const { constants } = await tfjsGraph.read(
    filesWith(model([{ paths: ['w.bin'], weights }]), { 'w.bin': bytes }),
    'loadGraphModel',
  );
  return constants;
}

describe('The weights of a graph model', () => {
  const ways: readonly [
    what: string,
    manifest: Omit<Manifest, 'name' | 'shape'>,
    stored: ArrayBufferView,
    wanted: ArrayLike<number>,
  ][] = [
    ['float32', { dtype: 'float32' }, Float32Array.of(1.5, -0.25, NaN), Float32Array.of(1.5, -0.25, NaN)],
    [
      'int32',
      { dtype: 'int32' },
      Int32Array.of(-(2 ** 31), 7, 2 ** 31 - 1),
      Int32Array.of(-(2 ** 31), 7, 2 ** 31 - 1),
    ],
    ['bool', { dtype: 'bool' }, Uint8Array.of(0, 1, 255), Uint8Array.of(0, 1, 1)],
    [
      'float32 in uint8',
      { dtype: 'float32', quantization: { dtype: 'uint8', scale: 0.5, min: -1 } },
      Uint8Array.of(0, 3, 255),
      Float32Array.of(-1, 0.5, 126.5),
    ],
    [
      'float32 in uint16',
      { dtype: 'float32', quantization: { dtype: 'uint16', scale: 2, min: 1 } },
      Uint16Array.of(0, 3, 65535),
      Float32Array.of(1, 7, 131071),
    ],
    [
      'float32 in float16',
      { dtype: 'float32', quantization: { dtype: 'float16' } },
      Uint16Array.of(0x3c00, 0xc000, 0x0001),
      Float32Array.of(1, -2, 2 ** -24),
    ],
    [
      'float32 in uint8 of scale 1 from 0',
      { dtype: 'float32', quantization: { dtype: 'uint8', scale: 1, min: 0 } },
      Uint8Array.of(0, 3, 255),
      Float32Array.of(0, 3, 255),
    ],
    [
      'int32 in uint8',
      { dtype: 'int32', quantization: { dtype: 'uint8', scale: 0.5, min: -2 } },
      Uint8Array.of(0, 5, 255),
      Int32Array.of(-2, 1, 126),
    ],
    [
      'no quantization',
      { dtype: 'float32', quantization: null },
      Float32Array.of(3, 2, 1),
      Float32Array.of(3, 2, 1),
    ],
  ];
  for (const [what, manifest, stored, wanted] of ways) {
    it(`are read from ${what}`, async () => {
      // A byte before them, so that they do not begin at a multiple of their size.
      const first = { name: 'first', shape: [1], dtype: 'bool' };
      const weights = await read([first, { name: 'w', shape: [3], ...manifest }], [Uint8Array.of(1), stored]);
      expect(weights.get('w')).toEqual({
        shape: [3],
        dtype: manifest.dtype as dl.DataType,
        values: wanted as dl.TypedArray,
      });
    });
  }

  it('have 16 bits as IEEE 754 says', () => {
    // An independent reading: by the exponents of two.
    for (let bits = 0; bits < 0x10000; bits += 7) {
      const [exponent, fraction] = [(bits >> 10) & 31, bits & 1023];
      const magnitude =
        exponent === 31
          ? fraction > 0
            ? NaN
            : Infinity
          : (fraction + (exponent > 0 ? 1024 : 0)) * 2 ** (Math.max(exponent, 1) - 25);
      expect(ofHalfFloats([bits], 'float16')[0]).toEqual(bits & 0x8000 ? -magnitude : magnitude);
    }
  });

  it('lie in several groups and files, cut anywhere', async () => {
    const all = joined([Float32Array.of(1, 2, 3), Int32Array.of(4), Float32Array.of()]);
    const files = filesWith(
      model([
        {
          paths: ['a', 'b', 'c'],
          weights: [
            { name: 'x', shape: [3, 1], dtype: 'float32' },
            { name: 'scalar', shape: [], dtype: 'int32' },
            { name: 'none', shape: [0, 5], dtype: 'float32' },
          ],
        },
        { paths: ['d'], weights: [{ name: 'y', shape: ['2'], dtype: 'bool' }] },
        { paths: [], weights: [] },
      ]),
      { a: all.subarray(0, 5), b: all.subarray(5, 5), c: all.subarray(5), d: Uint8Array.of(1, 0) },
    );
    const heard: (number | null)[][] = [];
    const { constants } = await tfjsGraph.read(files, 'loadGraphModel', (...each) => heard.push(each));
    expect([...constants]).toEqual([
      ['x', { shape: [3, 1], dtype: 'float32', values: Float32Array.of(1, 2, 3) }],
      ['scalar', { shape: [], dtype: 'int32', values: Int32Array.of(4) }],
      ['none', { shape: [0, 5], dtype: 'float32', values: Float32Array.of() }],
      ['y', { shape: [2], dtype: 'bool', values: Uint8Array.of(1, 0) }],
    ]);
    expect(heard.sort()).toEqual([5, 0, 11, 2].map((bytes) => [bytes, 18]).sort());
  });

  it('may come as a view whose `slice` copies nothing, as Node has it', async () => {
    const whole = joined([Float32Array.of(9, 9, 1, 2)]);
    const view = whole.subarray(8);
    view.slice = (from, to) => view.subarray(from, to) as never;
    const bytes = Object.assign(view, {
      subarray: (from: number, to: number) =>
        Object.assign(Uint8Array.prototype.subarray.call(view, from, to), { slice: () => view }),
    });
    const weights = [{ name: 'w', shape: [2], dtype: 'float32' }];
    const { constants } = await tfjsGraph.read(
      filesWith(model([{ paths: ['w'], weights }]), { w: bytes }),
      'loadGraphModel',
    );
    expect(constants.get('w')!.values).toEqual(Float32Array.of(1, 2));
  });

  const four = Float32Array.of(1, 2, 3, 4);
  const one = { name: 'w', shape: [4] as unknown[], dtype: 'float32' };
  /** Stands for lists in lists, 50,000 deep. */
  const DEEP = 'DEEP';
  const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`;
  const wrong: readonly [what: string, manifest: unknown, message: RegExp][] = [
    ['fewer bytes', [{ ...one, shape: [5] }], /the files w\.bin hold 16 bytes; wanted 20 for 1 weights$/],
    ['more bytes', [{ ...one, shape: [3] }], /the files w\.bin hold 16 bytes; wanted 12 for 1 weights$/],
    ['2^40 elements', [{ ...one, shape: [2 ** 40] }], /hold 16 bytes; wanted 4398046511104 for 1 weights$/],
    [
      '2^80 elements',
      [{ ...one, shape: [2 ** 40, 2 ** 40] }],
      /hold 16 bytes; wanted 4\.8\d+e\+24 for 1 weights$/,
    ],
    [
      'a negative extent',
      [{ ...one, shape: [-4] }],
      /the weight 'w' has shape \[-4\]; wanted whole numbers from 0$/,
    ],
    ['a fractional extent', [{ ...one, shape: [4.5] }], /the weight 'w' has shape \[4\.5\]; wanted whole/],
    ['an extent of null', [{ ...one, shape: [null] }], /the weight 'w' has shape \[null\]; wanted whole/],
    ['a nested extent', [{ ...one, shape: [[4]] }], /the weight 'w' has shape \[\[4\]\]; wanted whole/],
    [
      'a deeply nested shape',
      [{ ...one, shape: DEEP }],
      /the weight 'w' has shape \[\[\[\[\[…\]\]\]\]\]; wanted whole/,
    ],
    ['a shape that is a text', [{ ...one, shape: '4' }], /the weight 'w': 'shape' is string; wanted a list$/],
    ['no dtype', [{ name: 'w', shape: [4] }], /the weight 'w': 'dtype' is undefined; wanted a text$/],
    [
      'another dtype',
      [{ ...one, dtype: 'string' }],
      /the weight 'w' is string stored as string; wanted float32, int32/,
    ],
    [
      'a dtype that every object has',
      [{ ...one, dtype: 'constructor', quantization: { dtype: 'uint8', scale: 1, min: 0 } }],
      /the weight 'w' is constructor stored as uint8; wanted float32/,
    ],
    [
      'another storage',
      [{ ...one, quantization: { dtype: '__proto__' } }],
      /stored as __proto__; wanted float32/,
    ],
    [
      'no scale',
      [{ ...one, quantization: { dtype: 'uint8', min: 1 } }],
      /the weight 'w' has a quantization without a finite scale and min; wanted both$/,
    ],
    [
      'a deeply nested scale',
      [{ ...one, quantization: { dtype: 'uint8', min: 1, scale: DEEP } }],
      /without a finite/,
    ],
    ['no name', [{ ...one, name: 3 }], /a weight: 'name' is number; wanted a text$/],
    ['two of one name', [one, { ...one, shape: [0] }], /has two weights 'w'; wanted unique names$/],
    ['a list of nothing', [null], /a weight: 'name' is undefined; wanted a text$/],
    ['no list', {}, /'weights' is object; wanted a list$/],
  ];
  for (const [what, weights, message] of wrong) {
    it(`are refused with ${what}`, async () => {
      const { numTensors } = dl.memory();
      const text = JSON.stringify(model([{ paths: ['w.bin'], weights }])).replace(`"${DEEP}"`, deep);
      const files = filesWith(text, { 'w.bin': joined([four]) });
      const error = (await loadGraphModel(files).catch((thrown: unknown) => thrown)) as Error;
      expect(error.message).toMatch(/^loadGraphModel: model\.json/);
      expect(error.message).toMatch(message);
      expect(error.message.length).toBeLessThan(1000);
      expect(dl.memory().numTensors).toBe(numTensors);
    });
  }

  it('need paths that are texts', async () => {
    await expectAsync(loadGraphModel(filesWith(model([{ paths: [7] }])))).toBeRejectedWithError(
      'loadGraphModel: model.json: a path of the weights is 7; wanted a text of at most 4096 characters',
    );
    const long = model([{ paths: ['x'.repeat(4097)] }]);
    await expectAsync(loadGraphModel(filesWith(long))).toBeRejectedWithError(
      `loadGraphModel: model.json: a path of the weights is '${'x'.repeat(200)}…'; wanted a text of at most 4096 characters`,
    );
    await expectAsync(loadGraphModel(filesWith(model({})))).toBeRejectedWithError(
      "loadGraphModel: model.json: 'weightsManifest' is object; wanted a list",
    );
  });
});
