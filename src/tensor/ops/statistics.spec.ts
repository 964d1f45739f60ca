import * as dl from 'rxtensor/tensor';
import { axesOf, cases, reduced, type Fold } from '../../../test/support/axes';
import { expectClose, expectExact, type Tolerance } from '../../../test/support/close';
import { mapped, sample, toTensor } from '../../../test/support/reference';

const tolerance: Tolerance = { cpu: 1e-6, webgl: 1e-5 };

const total: Fold = (v) => v.reduce((a, b) => a + b, 0);
const average: Fold = (v) => total(v) / v.length;

describe('logSumExp', () => {
  it('does not overflow', () => {
    dl.tidy(() => {
      expectClose(dl.logSumExp([1000, 1000]), 1000 + Math.LN2);
      expectClose(dl.logSumExp([-1000, -1000]), -1000 + Math.LN2);
      expectClose(dl.logSumExp([-Infinity, 0]), 0);
    });
  });
});

describe('moments', () => {
  it('gives mean and variance', () => {
    const variance: Fold = (v) => average(v.map((each) => (each - average(v)) ** 2));
    for (const [shape, axis] of cases) {
      const x = sample(shape, 8);
      for (const keepDims of [false, true]) {
        dl.tidy(() => {
          const found = dl.moments(toTensor(x), axis, keepDims);
          const axes = axesOf(shape.length, axis);
          expectClose(
            found.mean,
            reduced(x, axes, keepDims, average),
            tolerance,
            `mean [${shape}] over ${JSON.stringify(axis)}`,
          );
          expectClose(
            found.variance,
            reduced(x, axes, keepDims, variance),
            tolerance,
            `variance [${shape}] over ${JSON.stringify(axis)}`,
          );
        });
      }
    }
  });

  it('is exact far from 0', () => {
    dl.tidy(() => expectClose(dl.moments([10000, 10001, 10002]).variance, 2 / 3));
  });
});

describe('norm', () => {
  const x = sample([3, 4], 9);
  const magnitudes = mapped(x, Math.abs);
  const euclidean: Fold = (v) => Math.sqrt(total(v.map((each) => each * each)));

  it('of vectors', () => {
    dl.tidy(() => {
      const t = toTensor(x);
      for (const ord of [undefined, 2, 'euclidean'] as const)
        expectClose(dl.norm(t, ord, 1), reduced(x, [1], false, euclidean), tolerance);
      expectClose(dl.norm(t, 1, 0), reduced(magnitudes, [0], false, total), tolerance);
      expectClose(
        dl.norm(t, Infinity, 1, true),
        reduced(x, [1], true, (v) => Math.max(...v.map(Math.abs))),
        tolerance,
      );
      expectClose(
        dl.norm(t, -Infinity, 1),
        reduced(x, [1], false, (v) => Math.min(...v.map(Math.abs))),
        tolerance,
      );
    });
  });

  it('of all elements where no axis is given', () => {
    dl.tidy(() => {
      const t = toTensor(x);
      for (const axis of [undefined, null]) {
        expectClose(dl.norm(t, 'euclidean', axis), euclidean(x.values), tolerance);
        expectClose(dl.norm(t, 1, axis), total(magnitudes.values), tolerance);
        expectClose(dl.norm(t, Infinity, axis), Math.max(...magnitudes.values), tolerance);
      }
    });
  });

  it('of matrices: greatest column sum, greatest row sum, Frobenius', () => {
    dl.tidy(() => {
      const t = toTensor(x);
      const columns = reduced(magnitudes, [0], false, total).values;
      const rows = reduced(magnitudes, [1], false, total).values;
      expectClose(dl.norm(t, 1, [0, 1]), Math.max(...columns), tolerance);
      expectClose(dl.norm(t, Infinity, [0, 1]), Math.max(...rows), tolerance);
      expectClose(dl.norm(t, -Infinity, [0, 1], true), [[Math.min(...rows)]], tolerance);
      expectClose(dl.norm(t, 'fro', [0, 1]), euclidean(x.values), tolerance);
    });
  });

  it('tells the axis of the rows from that of the columns', () => {
    dl.tidy(() => {
      const x = [
        [1, -2],
        [3, 5],
      ];
      expectExact(dl.norm(x, 1, [0, 1]), { shape: [], values: [7] });
      expectExact(dl.norm(x, 1, [1, 0]), { shape: [], values: [8] });
      expectExact(dl.norm(x, 1, [-1, -2], true), [[8]]);
      expectExact(dl.euclideanNorm([3, 4]), { shape: [], values: [5] });
      expectClose(dl.tensor2d(x).euclideanNorm(1, true), [[Math.sqrt(5)], [Math.sqrt(34)]]);
      expectExact(dl.norm(-3), { shape: [], values: [3] });
    });
  });

  it('has no spectral norm, and norms of one or two axes', () => {
    expect(() => dl.norm([[1]], 2, [0, 1])).toThrowError(
      /norm: argument 'ord' is 2; wanted 1, 'euclidean', 'fro', Infinity or -Infinity for matrices/,
    );
    expect(() => dl.norm([[[1]]], 1, [0, 1, 2])).toThrowError(
      /norm: argument 'axis' is \[0,1,2\]; wanted one or two axes/,
    );
  });

  it('refuses another order', () => {
    expect(() => dl.norm([1], 3)).toThrowError(
      /norm: argument 'ord' is 3; wanted 1, 2, 'euclidean', 'fro', Infinity or -Infinity for vectors/,
    );
  });
});
