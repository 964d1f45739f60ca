import * as dl from 'rxtensor/tensor';
import { quantile, type QuantileMethod } from 'rxtensor/ops';
import { expectClose, expectExact } from '../../../test/support/close';
import { expectGradients } from '../../../test/support/gradient-check';
import { expectSameWhenRecorded } from '../../../test/support/same-when-recorded';
import known from '../../../test/support/numpy/arrays.json';

describe('quantile', () => {
  let tensors: number;
  beforeEach(() => (tensors = dl.memory().numTensors));
  afterEach(() => expect(dl.memory().numTensors).toBe(tensors));

  it('gives what NumPy gives, by every method', () => {
    dl.tidy(() => {
      for (const { x, methods } of known.quantiles) {
        for (const [method, wanted] of Object.entries(methods)) {
          const found = quantile(x, known.qs, { method: method as QuantileMethod });
          expectClose(found, wanted, 1e-6, `${method} of ${x.length}`);
        }
      }
    });
  });

  it('goes along axes, which stay or not', () => {
    dl.tidy(() => {
      const { plane } = known;
      expectClose(quantile(plane, [0.25, 0.7], { axis: [0, 2] }), known.planeQuantiles, 1e-6);
      expectClose(quantile(plane, [0.25, 0.7], { axis: [-1, 0] }), known.planeQuantiles, 1e-6);
      expectClose(quantile(plane, 0.3, { axis: 1, keepDims: true }), known.planeQuantile, 1e-6);
      expect(quantile(plane, 0.5).shape).toEqual([]);
      expect(quantile(plane, [0.5], { keepDims: true }).shape).toEqual([1, 1, 1, 1]);
      expect(quantile(plane, [], { axis: 0 }).shape).toEqual([0, 4, 5]);
      expect(quantile(dl.zeros([0, 3]), 0.5, { axis: 1 }).shape).toEqual([0]);
      expectExact(quantile(7, [0, 0.4]), [7, 7]);
    });
  });

  it('takes integers and booleans, NaN and infinities', () => {
    dl.tidy(() => {
      const found = quantile(dl.tensor1d([4, 1, 2], 'int32'), [0.25, 1]);
      expect(found.dtype).toBe('float32');
      expectExact(found, [1.5, 4]);
      expectExact(quantile([true, false], 0.5), { shape: [], values: [0.5] });
      // There is no number between an infinity and another number.
      const rows = [
        [1, NaN, 3],
        [1, 2, 3],
        [-Infinity, 2, Infinity],
      ];
      expectExact(quantile(rows, [0, 0.25, 0.5], { axis: 1 }), [
        [NaN, 1, -Infinity],
        [NaN, 1.5, NaN],
        [NaN, 2, 2],
      ]);
      // Between two infinities that are equal lies the same infinity.
      expectExact(quantile([Infinity, Infinity, -Infinity, -Infinity], [0.1, 0.9]), [-Infinity, Infinity]);
    });
  });

  it('takes more quantiles than a call has arguments', () => {
    dl.tidy(() => {
      const found = quantile([1, 3], new Array<number>(200_000).fill(0.5));
      expect(found.shape).toEqual([200_000]);
      expectExact(dl.all(dl.equal(found, 2)), 1);
    });
  });

  it('has the gradients that differences find', () => {
    const x = known.plane[0]!;
    for (const method of ['linear', 'hazen', 'lower', 'midpoint'] as const)
      expectGradients((v) => quantile(v, [0.1, 0.55], { axis: 1, method }), [x], { step: 2 ** -9 });
    expectGradients((v) => quantile(v, 0.3), [x], { step: 2 ** -9 });
  });

  it('is recorded', () => {
    expectSameWhenRecorded((v) => quantile(v, [0.1, 0.5], { axis: 1 }), [known.plane]);
  });

  it('checks its arguments', () => {
    dl.tidy(() => {
      expect(() => quantile([1], 1.5)).toThrowError(
        "quantile: argument 'q' is 1.5; wanted a number in [0, 1], or an array of them",
      );
      expect(() => quantile([1], [0.5, NaN])).toThrowError(/^quantile: argument 'q' is/);
      expect(() => quantile([1], dl.scalar(0.5) as never)).toThrowError(/^quantile: argument 'q' is/);
      expect(() => quantile([], 0.5)).toThrowError(
        "quantile: argument 'x' has no elements along the axes; wanted at least one",
      );
      expect(() => quantile([1], 0.5, { axis: 1 })).toThrowError(/^quantile: argument 'axis' is 1/);
      expect(() => quantile([1], 0.5, { method: 'median' as never })).toThrowError(
        /^quantile: option 'method' is 'median'; wanted one of 'inverted_cdf'/,
      );
      expect(() => quantile([1], 0.5, { keepdims: true } as never)).toThrowError(
        /^quantile: there is no option 'keepdims'; the nearest is 'keepDims'/,
      );
    });
  });
});
