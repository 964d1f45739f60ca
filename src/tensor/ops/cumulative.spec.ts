import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

function scan(
  x: Reference,
  axis: number,
  exclusive: boolean,
  reverse: boolean,
  f: (a: number, b: number) => number,
  initial: number,
): Reference {
  const extent = x.shape[axis]!;
  return build(x.shape, (index) => {
    let result = initial;
    const end = index[axis]!;
    for (let k = 0; k < extent; k++) {
      const before = reverse ? k > end : k < end;
      if (before || (k === end && !exclusive))
        result = f(result, at(x, [...index.slice(0, axis), k, ...index.slice(axis + 1)]));
    }
    return result;
  });
}

describe('cumsum and cumprod', () => {
  for (const [shape, axis] of [
    [[5], 0],
    [[2, 4], 1],
    [[3, 2], 0],
    [[2, 3, 2], -2],
    [[1, 70], 1],
    [[2, 1, 3, 1, 2, 2], 2],
    [[2, 0], 1],
  ] as [number[], number][]) {
    it(`along axis ${axis} of [${shape}]`, () => {
      dl.tidy(() => {
        const x = sample(shape, 4, 0.5, 1.5);
        const along = axis < 0 ? axis + shape.length : axis;
        for (const exclusive of [false, true]) {
          for (const reverse of [false, true]) {
            const context = `exclusive ${exclusive}, reverse ${reverse}`;
            expectClose(
              dl.cumsum(toTensor(x), axis, exclusive, reverse),
              scan(x, along, exclusive, reverse, (a, b) => a + b, 0),
              1e-5,
              context,
            );
            expectClose(
              dl.cumprod(toTensor(x), axis, exclusive, reverse),
              scan(x, along, exclusive, reverse, (a, b) => a * b, 1),
              1e-5,
              context,
            );
          }
        }
      });
    });
  }

  it('are exact for int32, and count bool', () => {
    dl.tidy(() => {
      expectExact(dl.cumsum(dl.tensor1d([16777217, 1, 1], 'int32')), [16777217, 16777218, 16777219]);
      const counted = dl.cumsum([true, false, true]);
      expect(counted.dtype).toBe('int32');
      expectExact(counted, [1, 1, 2]);
    });
  });

  it('refuse other axes', () => {
    expect(() => dl.cumsum([1], 1)).toThrowError(/cumsum: argument 'axis' is 1/);
    expect(() => dl.cumprod(1)).toThrowError(/cumprod: argument 'axis' is 0; wanted none/);
  });
});
