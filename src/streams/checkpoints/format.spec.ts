import { crc32 } from './crc32';
import { decodeCheckpoint, encodeCheckpoint, type Checkpoint } from './format';

const checkpoint: Checkpoint = {
  header: {
    position: 2 ** 40,
    length: 60_000,
    random: { seed: [4294967295, 7], counter: 12 },
    variables: [
      { name: 'Gewicht é', shape: [2, 2], dtype: 'float32' },
      { name: '#0', shape: [3], dtype: 'bool' },
      { name: 'none', shape: [0, 4], dtype: 'float32' },
      { name: 'count', shape: [], dtype: 'int32' },
    ],
    optimizers: [
      {
        name: 'Adam',
        iterations: 17,
        slots: [{ variable: 'Gewicht é', name: 'moment', shape: [2, 2], dtype: 'float32' }],
      },
    ],
  },
  values: [
    new Float32Array([1.5, NaN, -Infinity, -0]),
    new Uint8Array([1, 0, 1]),
    new Float32Array(0),
    new Int32Array([-2147483648]),
    new Float32Array([1, 2, 3, 4]),
  ],
};

describe('A checkpoint in bytes', () => {
  const bytes = encodeCheckpoint(checkpoint);

  it('comes back as it was, bit by bit', () => {
    expect(decodeCheckpoint(bytes, 'spec')).toEqual(checkpoint);
    expect(Object.is((decodeCheckpoint(bytes, 'spec').values[0] as Float32Array)[3], -0)).toBeTrue();
  });

  it('may lie anywhere in a buffer, and is not looked at once it is decoded', () => {
    const around = new Uint8Array(bytes.length + 10);
    around.set(bytes, 3);
    const found = decodeCheckpoint(around.subarray(3, 3 + bytes.length), 'spec');
    around.fill(0);
    expect(found).toEqual(checkpoint);
  });

  it('begins as the format says', () => {
    const view = new DataView(bytes.buffer);
    expect(new TextDecoder().decode(bytes.subarray(0, 8))).toBe('rxtensor');
    expect([8, 16].map((offset) => view.getUint32(offset, true))).toEqual([1, bytes.length]);
    expect(view.getUint32(20, true) % 4).toBe(0);
    expect(view.getUint32(12, true)).toBe(crc32(bytes.subarray(16)));
    expect(bytes.length).toBe(24 + view.getUint32(20, true) + 4 * (4 + 3 + 1 + 4));
  });

  it('is told to be cut short, wherever it is cut', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeCheckpoint(bytes.subarray(0, length), 'the file x'))
        .withContext(`${length} bytes`)
        .toThrowError(
          `the file x holds a checkpoint that is cut short: found ${length} bytes; wanted ${length < 24 ? 24 : bytes.length}`,
        );
    }
  });

  it('is told to be damaged, whatever bit of it has flipped', () => {
    for (let i = 0; i < 8 * bytes.length; i++) {
      const damaged = bytes.slice();
      damaged[i >> 3]! ^= 1 << (i & 7);
      expect(() => decodeCheckpoint(damaged, 'the file x'))
        .withContext(`bit ${i}`)
        .toThrowError(/^the file x holds (no|a) checkpoint/);
    }
    expect(() => decodeCheckpoint(new Uint8Array([...bytes, 0]), 'x')).toThrowError(
      /damaged: the CRC-32 of its/,
    );
  });

  it('is told from other files, and from other versions', () => {
    expect(() => decodeCheckpoint(new TextEncoder().encode('{"loss": 0.1, "step": 12}'), 'y')).toThrowError(
      `y holds no checkpoint: it begins with '{"loss":'; wanted 'rxtensor'`,
    );
    const newer = bytes.slice();
    newer[8] = 2;
    expect(() => decodeCheckpoint(newer, 'y')).toThrowError('y holds a checkpoint of version 2; wanted 1');
  });
});

describe('crc32', () => {
  it('has the check value of the standard', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
  });
});
