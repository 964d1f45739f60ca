import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';
import { at, build, sample, toTensor, type Reference } from '../../../test/support/reference';

function logSoftmax(x: Reference): Reference {
  const extent = x.shape.at(-1)!;
  return build(x.shape, (index) => {
    const line = Array.from({ length: extent }, (_, k) => at(x, [...index.slice(0, -1), k]));
    const most = Math.max(...line);
    return at(x, index) - most - Math.log(line.reduce((sum, v) => sum + Math.exp(v - most), 0));
  });
}

describe('softmax and logSoftmax', () => {
  for (const shape of [
    [1],
    [5],
    [2, 3],
    [3, 10],
    [2, 2, 4],
    [1, 2, 1, 5],
    [2, 1, 2, 1, 2],
    [1, 2, 1, 2, 1, 3],
    [3, 40],
    [0, 3],
  ]) {
    it(`of shape [${shape}]`, () => {
      dl.tidy(() => {
        const x = sample(shape, 1, -6, 6);
        const log = logSoftmax(x);
        expectClose(dl.logSoftmax(toTensor(x)), log);
        expectClose(dl.softmax(toTensor(x)), { shape, values: log.values.map(Math.exp) });
      });
    });
  }

  it('do not overflow', () => {
    dl.tidy(() => {
      expectClose(dl.softmax([1000, 1000]), [0.5, 0.5]);
      expectClose(dl.softmax([-1000, -1000, -1001]), [0.42231879825, 0.42231879825, 0.1553624]);
      expectClose(dl.logSoftmax([0, 1000]), [-1000, 0]);
      expectExact(dl.softmax([0, -Infinity]), [1, 0]);
      for (const f of [dl.softmax, dl.logSoftmax]) {
        for (const line of [
          [NaN, 1],
          [1, NaN, 2],
        ])
          expectExact(
            f(line),
            line.map(() => NaN),
          );
        const long = Array.from({ length: 50 }, (_, i) => (i === 40 ? NaN : i));
        expectExact(
          f([long, long.map((v) => (Number.isNaN(v) ? 0 : v))]).isNaN(),
          build([2, 50], ([row]) => 1 - row!),
        );
      }
    });
  });

  it('take int32 and plain values, and an axis that is the last', () => {
    dl.tidy(() => {
      const y = dl.softmax(dl.tensor1d([1, 1], 'int32'));
      expect(y.dtype).toBe('float32');
      expectClose(y, [0.5, 0.5]);
      expectClose(dl.tensor2d([[1, 1]]).softmax(), [[0.5, 0.5]]);
      expectClose(dl.softmax([[1, 1]], 1), [[0.5, 0.5]]);
      expect(() => dl.softmax([[1, 1]], 0)).toThrowError(
        /softmax: argument 'axis' is 0; wanted the last one, 1/,
      );
      expect(() => dl.logSoftmax(1)).toThrowError(
        /logSoftmax: argument 'axis' is -1; wanted none, the tensor is a scalar/,
      );
      expect(() => dl.softmax('a' as never)).toThrowError(/softmax: argument 'logits' is a string/);
    });
  });
});
