import * as fc from 'fast-check';
import { decodeMessage, encodeMessage } from './asks';
import { encodePiece, headerOfPiece, valuesOfPiece, type PieceHeader } from './messages';

const header: PieceHeader = {
  kind: 'part',
  layout: 4_000_000_000,
  life: 3,
  epoch: 2,
  step: 70_000,
  bucket: 5,
  elements: 3,
  weight: 0.5,
};

/** As bytes come from the network: at an odd offset of a larger buffer. */
function moved(bytes: Uint8Array): Uint8Array {
  const larger = new Uint8Array(bytes.length + 7);
  larger.set(bytes, 3);
  return larger.subarray(3, 3 + bytes.length);
}

describe('A piece', () => {
  it('comes back as it was, in memory of its own', () => {
    const values = Float32Array.of(1.5, -0, NaN);
    const bytes = moved(encodePiece(header, values));
    expect(headerOfPiece(bytes)).toEqual(header);
    const found = valuesOfPiece(bytes)!;
    bytes.fill(0);
    expect(new Uint32Array(found.slice().buffer)).toEqual(new Uint32Array(values.buffer));
  });

  it('is refused with a reason unless it is whole', () => {
    const bytes = encodePiece(header, new Float32Array(3));
    const changed = (at: number, value: number): Uint8Array => {
      const copy = bytes.slice();
      copy[at] = value;
      return copy;
    };
    expect(headerOfPiece(bytes.subarray(0, 39))).toContain('39 bytes');
    expect(headerOfPiece(bytes.subarray(0, 44))).toContain('wanted 52');
    expect(headerOfPiece(changed(0, 1))).toContain('rxtp');
    expect(headerOfPiece(changed(4, 9))).toContain('version 9');
    expect(headerOfPiece(changed(6, 3))).toContain('kind is 3');
    // The elements that it claims are compared with its bytes before anything is allocated.
    expect(headerOfPiece(changed(31, 0xff))).toContain('52 bytes');
    expect(headerOfPiece(changed(35, 0xff))).toContain('weight');
  });

  it('does not pass with any byte changed', () => {
    const bytes = encodePiece(header, Float32Array.of(1, 2, 3));
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at]! ^= 1 << (at % 8);
      const found = headerOfPiece(changed);
      expect(typeof found === 'string' || valuesOfPiece(changed) === null)
        .withContext(`byte ${at}`)
        .toBeTrue();
    }
  });

  it('is never believed when it is random', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
        expect(typeof headerOfPiece(bytes) === 'string' || valuesOfPiece(bytes) === null).toBeTrue();
      }),
      { numRuns: 200 },
    );
  });
});

describe('A question', () => {
  it('comes back as it was', () => {
    const ask = { life: 7, epoch: 1, step: null, parts: [], sums: [3] };
    expect(decodeMessage('ask', new TextEncoder().encode(encodeMessage('ask', ask)))).toEqual(ask);
  });

  it('is refused when a field is wrong', () => {
    const decode = (value: unknown) => () =>
      decodeMessage('ask', new TextEncoder().encode(JSON.stringify(value)));
    expect(decode({ life: 1, epoch: -1, step: 0, parts: [], sums: [] })).toThrowError(/epoch/);
    expect(decode({ life: 1, epoch: 1, step: 0, parts: ['x'], sums: [] })).toThrowError(/parts\[0\]/);
    expect(decode({ life: 1, epoch: 1, step: 0, parts: [] })).toThrowError(/sums/);
    expect(() => decodeMessage('ask', new Uint8Array(2 ** 21))).toThrowError(/at most/);
    expect(() => decodeMessage('ask', Uint8Array.of(0xff))).toThrowError();
  });
});
