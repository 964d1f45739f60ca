import * as dl from 'rxtensor';
import { fromSafetensors, safetensorsMetadata, toSafetensors } from 'rxtensor/models';

/** A file with this header and these bytes of values. */
function file(header: unknown, values: readonly number[] = []): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + values.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(values, 8 + text.length);
  return bytes;
}

const one = (dtype: string, shape: number[], values: number[]): Uint8Array =>
  file({ x: { dtype, shape, data_offsets: [0, values.length] } }, values);

/** The only tensor of a file. */
async function read(bytes: Uint8Array): Promise<[dtype: string, shape: readonly number[], values: number[]]> {
  const { x } = fromSafetensors(bytes);
  const values = [...(await x!.data())];
  const found: [string, readonly number[], number[]] = [x!.dtype, x!.shape, values];
  x!.dispose();
  return found;
}

const bytesOf = (array: ArrayBufferView): number[] => [
  ...new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
];

describe('safetensors', () => {
  it('reads every kind of number', async () => {
    expect(await read(one('F32', [2], bytesOf(Float32Array.of(1.5, -2))))).toEqual([
      'float32',
      [2],
      [1.5, -2],
    ]);
    expect(await read(one('F64', [1, 1], bytesOf(Float64Array.of(0.1))))).toEqual([
      'float32',
      [1, 1],
      [Math.fround(0.1)],
    ]);
    // 1, −2, the smallest subnormal, infinity: IEEE 754-2019, binary16.
    expect(await read(one('F16', [4], [0, 0x3c, 0, 0xc0, 1, 0, 0, 0x7c]))).toEqual([
      'float32',
      [4],
      [1, -2, 2 ** -24, Infinity],
    ]);
    expect(await read(one('BF16', [3], [0x80, 0x3f, 0x80, 0x7f, 0, 0xc0]))).toEqual([
      'float32',
      [3],
      [1, Infinity, -2],
    ]);
    expect(await read(one('I64', [2], bytesOf(BigInt64Array.of(-5n, 7n))))).toEqual(['int32', [2], [-5, 7]]);
    expect(await read(one('U64', [1], bytesOf(BigUint64Array.of(7n))))).toEqual(['int32', [1], [7]]);
    expect(await read(one('I32', [], bytesOf(Int32Array.of(-9))))).toEqual(['int32', [], [-9]]);
    expect(await read(one('U32', [1], bytesOf(Uint32Array.of(9))))).toEqual(['int32', [1], [9]]);
    expect(await read(one('I16', [1], bytesOf(Int16Array.of(-300))))).toEqual(['int32', [1], [-300]]);
    expect(await read(one('U16', [1], bytesOf(Uint16Array.of(60000))))).toEqual(['int32', [1], [60000]]);
    expect(await read(one('I8', [2], [255, 1]))).toEqual(['int32', [2], [-1, 1]]);
    expect(await read(one('U8', [2], [255, 1]))).toEqual(['int32', [2], [255, 1]]);
    expect(await read(one('BOOL', [3], [0, 1, 2]))).toEqual(['bool', [3], [0, 1, 1]]);
    expect(await read(one('F32', [0, 4], []))).toEqual(['float32', [0, 4], []]);
  });

  it('reads floats at any place, from any part of a buffer', async () => {
    const values = bytesOf(Float32Array.of(3, 4));
    for (const pad of ['', ' ', '  ', '   ']) {
      const header = JSON.stringify({ x: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } }) + pad;
      const whole = Uint8Array.of(9, ...file(header, values));
      expect(await read(whole.subarray(1))).toEqual(['float32', [2], [3, 4]]);
    }
  });

  it('writes what it reads, with names of any kind and metadata', async () => {
    const weights = {
      kernel: dl.tensor2d([
        [1, -0],
        [NaN, 1e-40],
      ]),
      steps: dl.scalar(-3, 'int32'),
      mask: dl.tensor1d([true, false, true], 'bool'),
      ['__proto__']: dl.tensor1d([5]),
    };
    const bytes = await toSafetensors(weights, { format: 'pt', constructor: 'none' });
    const header = new DataView(bytes.buffer).getUint32(0, true);
    expect((8 + header) % 8).toBe(0);
    expect(safetensorsMetadata(bytes)).toEqual({ format: 'pt', constructor: 'none' });
    const again = fromSafetensors(bytes);
    expect(Object.keys(again)).toEqual(Object.keys(weights));
    for (const name of Object.keys(weights)) {
      const [wanted, found] = [(weights as dl.NamedTensorMap)[name]!, again[name]!];
      expect([found.dtype, found.shape]).toEqual([wanted.dtype, wanted.shape]);
      expect(await found.data()).toEqual(await wanted.data());
    }
    dl.dispose([weights, again]);
  });

  it('writes variables under their names, as they are at the call', async () => {
    const w = dl.tidy(() => dl.variable(dl.tensor1d([1, 2]), true, 'layer/w'));
    const writing = toSafetensors([w]);
    dl.tidy(() => w.assign(dl.tensor1d([8, 9])));
    const again = fromSafetensors(await writing);
    expect([...(await again['layer/w']!.data())]).toEqual([1, 2]);
    dl.dispose([w, again]);
  });

  it('has no metadata where none was written', async () => {
    expect(safetensorsMetadata(await toSafetensors({}))).toEqual({});
  });

  it('refuses damaged files before it makes anything', () => {
    const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] };
    const wrong: readonly (readonly [Uint8Array, RegExp])[] = [
      [new Uint8Array(3), /the file has 3 bytes; wanted 8 bytes with the length of a header/],
      [
        Uint8Array.of(255, 255, 255, 255, 255, 255, 255, 255),
        /has 8 bytes and a header of 1844674407370955\d+; wanted/,
      ],
      [file('{'), /the header is no JSON/],
      [file('[]'), /the header is \[\]; wanted a JSON object/],
      [file({ x: 3 }), /the tensor 'x': 'dtype' is undefined; wanted a text/],
      [file({ x: { ...entry, dtype: 'F8' } }), /the tensor 'x' is F8; wanted F64, F32/],
      [file({ x: { ...entry, dtype: 'constructor' } }), /the tensor 'x' is constructor; wanted/],
      [file({ x: { ...entry, shape: [-1] } }), /'shape' is \[-1\]; wanted whole numbers from 0/],
      [file({ x: { ...entry, shape: [2 ** 40] } }), /lies at \[0,8\]; wanted 4398046511104 bytes/],
      [file({ x: entry }), /within the 0 that follow the header/],
      [file({ x: { ...entry, data_offsets: [8] } }, [0]), /lies at \[8\]/],
      [
        one('I64', [1], [0, 0, 0, 0, 1, 0, 0, 0]),
        /'x': it holds 4294967296; wanted integers from -2147483648/,
      ],
    ];
    for (const [bytes, message] of wrong) expect(() => fromSafetensors(bytes)).toThrowError(message);
    expect(() => fromSafetensors('x' as never)).toThrowError(
      /fromSafetensors: argument 'bytes' is 'x'; wanted a Uint8Array or an ArrayBuffer/,
    );
  });

  it('refuses what is no tensor', async () => {
    await expectAsync(toSafetensors({ x: 1 as never })).toBeRejectedWithError(
      /toSafetensors: argument 'x' is 1/,
    );
  });
});
