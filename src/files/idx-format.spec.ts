import { parseIdx } from './idx-format';

/** Header bytes, then elements as given. */
function file(type: number, extents: readonly number[], elements: readonly number[]): Uint8Array {
  const header = [
    0,
    0,
    type,
    extents.length,
    ...extents.flatMap((extent) => [0, 0, extent >> 8, extent & 255]),
  ];
  return Uint8Array.from([...header, ...elements]);
}

describe('parseIdx', () => {
  it('reads bytes without copying them', () => {
    const bytes = file(0x08, [2, 3], [0, 1, 2, 253, 254, 255]);
    const { values, shape } = parseIdx(bytes);
    expect(shape).toEqual([2, 3]);
    expect(values).toEqual(Uint8Array.of(0, 1, 2, 253, 254, 255));
    expect(values.buffer).toBe(bytes.buffer);
  });

  it('reads signed integers of one, two and four bytes as int32', () => {
    expect(parseIdx(file(0x09, [3], [0, 0x7f, 0x80])).values).toEqual(Int32Array.of(0, 127, -128));
    expect(parseIdx(file(0x0b, [2], [0x01, 0x02, 0xff, 0xfe])).values).toEqual(Int32Array.of(258, -2));
    expect(parseIdx(file(0x0c, [2], [0, 1, 0, 0, 0xff, 0xff, 0xff, 0xff])).values).toEqual(
      Int32Array.of(65536, -1),
    );
  });

  it('reads reals of four and eight bytes as float32', () => {
    expect(parseIdx(file(0x0d, [2], [0x3f, 0x80, 0, 0, 0xc0, 0x20, 0, 0])).values).toEqual(
      Float32Array.of(1, -2.5),
    );
    const double = [0x3f, 0xe0, 0, 0, 0, 0, 0, 0];
    expect(parseIdx(file(0x0e, [1], double)).values).toEqual(Float32Array.of(0.5));
  });

  it('reads from the middle of a buffer, and from a buffer', () => {
    const bytes = file(0x0b, [2], [0, 5, 0, 6]);
    const within = new Uint8Array(bytes.length + 5);
    within.set(bytes, 3);
    expect(parseIdx(within.subarray(3, 3 + bytes.length)).values).toEqual(Int32Array.of(5, 6));
    expect(parseIdx(bytes.buffer as ArrayBuffer).values).toEqual(Int32Array.of(5, 6));
  });

  it('reads extents beyond a byte, empty arrays and a scalar', () => {
    expect(parseIdx(file(0x08, [300], new Array<number>(300).fill(7))).shape).toEqual([300]);
    expect(parseIdx(file(0x08, [0, 28, 28], []))).toEqual({ values: new Uint8Array(0), shape: [0, 28, 28] });
    expect(parseIdx(file(0x08, [], [9]))).toEqual({ values: Uint8Array.of(9), shape: [] });
  });

  it('refuses another magic number, telling the bytes that it found', () => {
    const html = new TextEncoder().encode('<!doctype html>');
    expect(() => parseIdx(html, 'digits.idx')).toThrowError(
      /digits\.idx begins with the bytes 3c 21 64 6f; wanted an IDX magic number/,
    );
    expect(() => parseIdx(file(0x0a, [1], [1]))).toThrowError(/the data begins with the bytes 00 00 0a 01/);
    expect(() => parseIdx(Uint8Array.of(1, 0, 8, 1, 0, 0, 0, 0))).toThrowError(
      /begins with the bytes 01 00 08 01/,
    );
  });

  it('refuses a truncated file, in the magic number, the header and the elements', () => {
    const whole = file(0x08, [2, 2], [1, 2, 3, 4]);
    expect(() => parseIdx(whole.subarray(0, 3), 'a')).toThrowError(
      /a is truncated: found 3 bytes; wanted a magic number of 4/,
    );
    expect(() => parseIdx(whole.subarray(0, 9), 'a')).toThrowError(
      /a is truncated: found 9 bytes; wanted a header of 12 for 2 dimensions/,
    );
    expect(() => parseIdx(whole.subarray(0, 15), 'a')).toThrowError(
      /a is truncated: found 15 bytes; wanted 16 for shape \[2,2\]/,
    );
  });

  it('refuses bytes behind the last element', () => {
    expect(() => parseIdx(file(0x08, [2], [1, 2, 3]), 'a')).toThrowError(
      /a goes on after its last element: found more than 10 bytes; wanted 10 for shape \[2\]/,
    );
  });

  it('allocates nothing by what a header says', () => {
    const huge = (...extents: number[][]): Uint8Array =>
      Uint8Array.from([0, 0, 0x0e, extents.length, ...extents.flat()]);
    const most = [255, 255, 255, 255];
    const none = [0, 0, 0, 0];
    expect(() => parseIdx(huge(most, most))).toThrowError(
      /the data is truncated: found 12 bytes; wanted \S+ for shape \[4294967295,4294967295\]/,
    );
    expect(() => parseIdx(huge(...Array.from({ length: 255 }, () => most)))).toThrowError(
      /is truncated: found 1024 bytes; wanted Infinity/,
    );
    expect(() => parseIdx(huge([5, 245, 225, 0], none), 'a')).toThrowError(
      'parseIdx: a has the shape [100000000,0]: 100000000 rows without an element; wanted elements in each',
    );
    expect(parseIdx(huge(none, most, most)).shape).toEqual([0, 4294967295, 4294967295]);
    expect(() => parseIdx(huge(most, ...Array.from({ length: 254 }, () => none)))).toThrowError(
      /rows without an element/,
    );
  });

  it('says who reads what is compressed', () => {
    expect(() => parseIdx(Uint8Array.of(0x1f, 0x8b, 8, 0))).toThrowError(
      /begins with the bytes 1f 8b 08 00; .* \(it is compressed with gzip: loadIdx\(\) and idx\(\) read that\)$/,
    );
  });
});
