import * as dl from 'rxtensor/tensor';
import { asRank, asTensor, inferDataType } from './tensor-like';

describe('asTensor', () => {
  it('takes a tensor as it is and makes one from plain values', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([1], 'int32');
      expect(asTensor('op', 'x', x)).toBe(x);
      expect(asTensor('op', 'x', x, 'float32')).toBe(x);
      expect(asTensor('op', 'x', [[1, 2]]).shape).toEqual([1, 2] as never);
      expect(asTensor('op', 'x', 3, 'int32').dtype).toBe('int32');
      expect(asTensor('op', 'x', true).dtype).toBe('bool');
      expect(asTensor('op', 'x', new Int32Array(2)).dtype).toBe('int32');
    });
  });

  it('names op, argument and what was found', () => {
    const cases: [unknown, string][] = [
      ['a', 'a string'],
      [undefined, 'undefined'],
      [null, 'null'],
      [{}, 'an object'],
      [new Date(), 'a Date'],
      [Promise.resolve(), 'a Promise'],
      [() => 1, 'a function'],
    ];
    for (const [value, found] of cases) {
      expect(() => asTensor('relu', 'x', value as never)).toThrowError(
        `relu: argument 'x' is ${found}; wanted a tensor, a number, or nested arrays`,
      );
    }
    expect(() => dl.tidy(() => asTensor('relu', 'x', [dl.scalar(1)] as never))).toThrowError(
      /relu: .*holds a tensor/,
    );
  });
});

describe('asRank', () => {
  it('names the rank that was found and those wanted', () => {
    dl.tidy(() => {
      expect(asRank('op', 'x', [[1]], 2).rank).toBe(2);
      expect(asRank('op', 'x', [1], [1, 2]).rank).toBe(1);
      expect(() => asRank('op', 'x', [1], 2)).toThrowError(
        "op: argument 'x' has rank 1 (shape [1]); wanted rank 2",
      );
      expect(() => asRank('op', 'x', 1, [1, 2])).toThrowError(
        /has rank 0 \(shape \[\]\); wanted rank 1 or 2/,
      );
    });
  });
});

describe('inferDataType', () => {
  it('looks at the innermost values', () => {
    expect(inferDataType(1)).toBe('float32');
    expect(inferDataType([[true]])).toBe('bool');
    expect(inferDataType([new Int32Array(1)])).toBe('int32');
    expect(inferDataType(new Uint8Array(1))).toBe('int32');
    expect(inferDataType([])).toBe('float32');
  });
});
