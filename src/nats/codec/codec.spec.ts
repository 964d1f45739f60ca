import * as dl from 'rxtensor';
import { numberTypesOf, withNumberTypes } from '../../tensor/number-types';
import { seal } from '../../streams/checkpoints/sealed';
import { decodeEmission, encodeEmission, encodeValue, toTensors, type Decoded } from '.';
import { format } from './format';

/** At an odd offset of a larger buffer, as payloads of messages are. */
function shifted(bytes: Uint8Array): Uint8Array {
  const around = new Uint8Array(bytes.length + 7);
  around.set(bytes, 3);
  return around.subarray(3, 3 + bytes.length);
}

const through = (value: unknown): unknown =>
  decodeEmission(shifted(encodeValue('spec', value)), 'spec').value;

describe('An emission in bytes', () => {
  it('comes back as it was', () => {
    const value = {
      numbers: [0, -0, 1.5, NaN, Infinity, -Infinity, 2 ** 53],
      nothing: [null, undefined],
      text: 'Grüße #1',
      flags: [true, false],
      arrays: [
        new Float32Array([1.5, NaN, -0]),
        new Float64Array([Math.PI]),
        new Int8Array([-1, 2, 3]),
        new Uint8Array([255]),
        new Uint8ClampedArray([7, 8]),
        new Int16Array([-300]),
        new Uint16Array([65535, 1, 2]),
        new Int32Array([-(2 ** 31)]),
        new Uint32Array([2 ** 32 - 1]),
        new Float32Array(0),
      ],
      '#': 1,
      '#x': { '##': 2 },
      ['__proto__']: { constructor: 3 },
    };
    expect(through(value)).toEqual(value);
    const found = through(value) as typeof value;
    expect(Object.is(found.numbers[1], -0)).toBeTrue();
    expect(Object.getPrototypeOf(found)).toBe(Object.prototype);
    expect(Object.keys(found)).toEqual(Object.keys(value));
    for (const each of ['text', 0, -0, null, undefined, [], {}]) expect(through(each)).toEqual(each);
  });

  it('keeps the types of the numbers in a row', () => {
    const row = withNumberTypes({ label: 3, x: 0.5 }, new Map([['label', 'int32' as const]]));
    expect([...numberTypesOf(through(row) as object)!]).toEqual([['label', 'int32']]);
  });

  it('has tensors of every dtype, each once', async () => {
    const x = dl.tensor2d([1, NaN, -0, 4], [2, 2]);
    const value = { x, again: [x], n: dl.tensor1d([1, -2, 3], 'int32'), b: dl.tensor1d([true, false, true]) };
    const encoding = encodeEmission('spec', value);
    dl.dispose(value);
    const decoded = decodeEmission(shifted(await encoding), 'spec');
    expect(decoded.tensors.map(({ dtype, shape }) => [dtype, shape])).toEqual([
      ['float32', [2, 2]],
      ['int32', [3]],
      ['bool', [3]],
    ]);
    const found = toTensors('spec', decoded) as typeof value;
    expect(found.again[0]).toBe(found.x);
    expect([...found.x.dataSync()]).toEqual([1, NaN, -0, 4]);
    expect([...found.n.dataSync()]).toEqual([1, -2, 3]);
    expect([...found.b.dataSync()]).toEqual([1, 0, 1]);
    expect([found.x.dtype, found.n.dtype, found.b.dtype]).toEqual(['float32', 'int32', 'bool']);
    dl.dispose(found);
  });

  it('takes half of the bytes in float16 and bfloat16', () => {
    const values = Float32Array.from({ length: 1000 }, (_, i) => (i - 500) / 256);
    const size = (precision: 'float32' | 'float16' | 'bfloat16'): number =>
      encodeValue('spec', values, precision).length;
    expect(size('float32') - size('float16')).toBeGreaterThan(1990);
    const half = decodeEmission(encodeValue('spec', [values, new Int32Array([5])], 'float16'), 'spec').value;
    expect(half).toEqual([values, new Int32Array([5])]);
    const brain = decodeEmission(encodeValue('spec', values, 'bfloat16'), 'spec').value as Float32Array;
    for (const [i, value] of values.entries())
      expect(Math.abs(brain[i]! - value)).toBeLessThanOrEqual(Math.abs(value) * 2 ** -8);
  });

  it('is refused if it holds what cannot be sent', () => {
    const slope = dl.tidy(() => dl.variable(dl.scalar(1)));
    const around: unknown[] = [];
    around.push(around);
    const refused: readonly (readonly [unknown, RegExp])[] = [
      [{ xs: [new Map()] }, /^spec: 'value\.xs\[0\]' is a Map; wanted tensors, numbers/],
      [() => 1, /^spec: 'value' is a function/],
      [2n, /^spec: 'value' is 2; wanted/],
      [around, /levels deep, or contains itself/],
    ];
    for (const [value, message] of refused) {
      expect(() => encodeValue('spec', value)).toThrowError(message);
      expect(() => encodeEmission('spec', value)).toThrowError(message);
    }
    dl.tidy(() => {
      dl.grad((x) => {
        expect(() => encodeEmission('spec', { loss: x.mul(slope) })).toThrowError(
          /'value\.loss' is a tensor of shape \[\] .*gradients do not leave the process/,
        );
        return x;
      })(dl.scalar(1));
    });
    slope.dispose();
    expect(() => encodeEmission('spec', slope)).toThrowError(/^spec: .*dispose/);
  });

  it('takes memory in proportion to its bytes', () => {
    const read = (header: unknown): Decoded => {
      // Sealed by a format that does not look at the header, as a stranger would.
      const { check: _, ...blind } = format;
      return decodeEmission(seal(blind, header, []), 'spec');
    };
    const empty = { type: 'float32', shape: [0], precision: 'float32' };
    const objects = (count: number): unknown => Array.from({ length: count }, () => ({}));
    expect(() => read({ value: objects(200_000), parts: [] })).toThrowError(
      /^spec holds an emission that is not right: it has 200003 objects and lists in 6000\d\d bytes; wanted at most 103\d\d\d: tensors/,
    );
    expect(() => read({ value: 0, parts: Array.from({ length: 30_000 }, () => empty) })).toThrowError(
      /^spec holds an emission that is not right: it has 30000 tensors and arrays in \d+ bytes; wanted at most \d+: stack/,
    );
    // What would be refused is not sent.
    expect(() => encodeValue('spec', objects(200_000))).toThrowError(/it has 200003 objects and lists/);
    expect(() =>
      encodeValue(
        'spec',
        Array.from({ length: 25_000 }, () => new Int8Array(0)),
      ),
    ).toThrowError(/^emission: it has 25000 tensors/);
    // Texts may hold any brackets; and each message a good number of objects.
    for (const value of [
      ['[{"'.repeat(100_000), '\\"['.repeat(50_000)],
      objects(60_000),
      Array.from({ length: 150_000 }, (_, i) => i % 10),
      Array.from({ length: 10_000 }, (_, i) => new Int8Array([i])),
    ])
      expect(JSON.stringify(through(value)) === JSON.stringify(value)).toBeTrue();
  });
});
