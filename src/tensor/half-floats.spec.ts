import { ofHalfFloats, toHalfFloats } from './half-floats';

const all = Uint16Array.from({ length: 65536 }, (_, i) => i);

describe('Floats of 16 bits', () => {
  for (const format of ['float16', 'bfloat16'] as const) {
    it(`come back bit by bit: ${format}`, () => {
      const values = ofHalfFloats(all, format);
      const again = toHalfFloats(values, format);
      for (let bits = 0; bits < 65536; bits++) {
        if (Number.isNaN(values[bits]))
          expect(ofHalfFloats(again.subarray(bits, bits + 1), format)[0]).toBeNaN();
        else if (again[bits] !== bits) fail(`${format} ${bits} became ${again[bits]}`);
      }
    });

    it(`are the nearest, ties to even: ${format}`, () => {
      const magnitudes = ofHalfFloats(all.subarray(0, 0x8000), format);
      // Between two neighbours a quarter, a half and three quarters of the way; float32 holds all three exactly.
      for (let bits = 0; bits < 0x7fff; bits += 37) {
        const [below, above] = [magnitudes[bits]!, magnitudes[bits + 1]!];
        if (!Number.isFinite(below) || !Number.isFinite(above)) continue;
        const between = [0.25, 0.5, 0.75].map((part) => below + (above - below) * part);
        const wanted = [bits, bits % 2 === 0 ? bits : bits + 1, bits + 1];
        expect([...toHalfFloats(Float32Array.from(between), format)])
          .withContext(`${bits}`)
          .toEqual(wanted);
      }
    });
  }

  it('overflow to infinity from the middle on', () => {
    const found = toHalfFloats(new Float32Array([65504, 65519.996, 65520, 1e30, -1e30, Infinity]), 'float16');
    expect([...found]).toEqual([0x7bff, 0x7bff, 0x7c00, 0x7c00, 0xfc00, 0x7c00]);
    expect([...toHalfFloats(new Float32Array([3.4e38, -0]), 'bfloat16')]).toEqual([0x7f80, 0x8000]);
  });
});
