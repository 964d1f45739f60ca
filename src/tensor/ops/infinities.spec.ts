// Ops that subtract the greatest first, or an average, of infinities: the value is the limit where there is one, and NaN where there is
// none, as of ∞ − ∞.
import * as dl from 'rxtensor/tensor';
import { expectClose, expectExact } from '../../../test/support/close';

const { Reduction, losses } = dl;
const gradient = (f: (x: dl.Tensor) => dl.Tensor, x: number[] | number[][]): dl.Tensor =>
  dl.grad(f)(dl.tensor(x));

describe('logSumExp of infinities', () => {
  it('is −∞ where all are, and ∞ where one is', () => {
    dl.tidy(() => {
      expectExact(dl.logSumExp([-Infinity, -Infinity]), -Infinity);
      expectExact(dl.logSumExp([-Infinity]), -Infinity);
      expectExact(dl.logSumExp(-Infinity), -Infinity);
      expectExact(dl.logSumExp([Infinity, 1]), Infinity);
      expectExact(dl.logSumExp([Infinity, Infinity]), Infinity);
      expectExact(dl.logSumExp([Infinity, -Infinity]), Infinity);
      expectExact(dl.logSumExp([3, -Infinity]), 3);
      expectExact(dl.logSumExp([NaN, Infinity]), NaN);
      expectExact(dl.logSumExp([NaN, -Infinity]), NaN);
      expectExact(dl.logSumExp([]), -Infinity);
    });
  });

  it('is taken for each row', () => {
    dl.tidy(() => {
      const rows = dl.tensor2d([
        [-Infinity, -Infinity],
        [Infinity, 1],
        [0, 0],
        [NaN, 0],
      ]);
      const wanted = [-Infinity, Infinity, Math.LN2, NaN];
      expectClose(rows.logSumExp(1), wanted);
      expectClose(
        rows.logSumExp(1, true),
        wanted.map((each) => [each]),
      );
      expectClose(rows.transpose().logSumExp(0), wanted);
    });
  });

  it('has the gradient 0 where all are −∞, and NaN at ∞, where the softmax is', () => {
    dl.tidy(() => {
      const f = (x: dl.Tensor): dl.Tensor => x.logSumExp(1);
      const rows = [
        [-Infinity, -Infinity],
        [0, -Infinity],
        [0, 0],
      ];
      expectClose(gradient(f, rows), [
        [0, 0],
        [1, 0],
        [0.5, 0.5],
      ]);
      expectClose(
        gradient((x) => dl.grad(f)(x).square(), rows),
        [
          [0, 0],
          [0, 0],
          [0, 0],
        ],
      );
      expectExact(
        gradient((x) => x.logSumExp(), [Infinity, 1]),
        [NaN, 0],
      );
    });
  });
});

describe('softmaxCrossEntropy of infinite logits', () => {
  const each = (labels: number[][], logits: number[][]): dl.Tensor =>
    losses.softmaxCrossEntropy(labels, logits, null, 0, Reduction.NONE);

  it('takes no account of an impossible class that is not asked for', () => {
    dl.tidy(() => {
      const labels = [
        [0, 1, 0],
        [1, 0, 0],
        [0.5, 0.5, 0],
      ];
      const logits = [
        [-Infinity, 0, 0],
        [-Infinity, 0, 0],
        [0, 0, -Infinity],
      ];
      expectClose(each(labels, logits), [Math.LN2, Infinity, Math.LN2]);
      expectClose(
        dl.grad((x) => losses.softmaxCrossEntropy(labels, x, null, 0, Reduction.SUM))(dl.tensor(logits)),
        [
          [0, -0.5, 0.5],
          [-1, 0.5, 0.5],
          [0, 0, 0],
        ],
      );
    });
  });

  it('is NaN where the softmax is', () => {
    dl.tidy(() => {
      for (const logits of [
        [Infinity, 0, 1],
        [-Infinity, -Infinity, -Infinity],
        [NaN, 0, 0],
      ]) {
        expectExact(each([[0, 1, 0]], [logits]), [NaN], String(logits));
        expectExact(
          dl.grad((x) => losses.softmaxCrossEntropy([[0, 1, 0]], x))(dl.tensor([logits])),
          [[NaN, NaN, NaN]],
          String(logits),
        );
      }
    });
  });
});

describe('sigmoidCrossEntropy of infinite logits', () => {
  it('costs nothing where the label agrees, all where it does not', () => {
    dl.tidy(() => {
      const labels = [1, 0, 1, 0, 0.5, 0.5];
      const logits = [Infinity, -Infinity, -Infinity, Infinity, Infinity, -Infinity];
      const f = (x: dl.TensorInput, reduction: dl.Reduction): dl.Tensor =>
        losses.sigmoidCrossEntropy(labels, x, null, 0, reduction);
      expectExact(f(logits, Reduction.NONE), [0, 0, Infinity, Infinity, Infinity, Infinity]);
      expectExact(
        gradient((x) => f(x, Reduction.SUM), logits),
        [0, 0, -1, 1, 0.5, -0.5],
      );
    });
  });

  it('can be differentiated by the labels', () => {
    dl.tidy(() => {
      const byLabels = dl.grad((labels) =>
        losses.sigmoidCrossEntropy(labels, [2, -3, 0], null, 0, Reduction.SUM),
      );
      expectClose(byLabels([1, 0, 0.5]), [-2, 3, 0]);
    });
  });
});

describe('movingAverage of infinities', () => {
  it('stays infinite, as an average with an infinite share is', () => {
    dl.tidy(() => {
      const next = (v: number, x: number): dl.Tensor => dl.movingAverage([v], [x], 0.9, null, false);
      expectExact(next(Infinity, 1), [Infinity]);
      expectExact(next(-Infinity, 1), [-Infinity]);
      expectExact(next(1, Infinity), [Infinity]);
      expectExact(next(Infinity, Infinity), [Infinity]);
      expectExact(next(Infinity, -Infinity), [NaN]);
      expectExact(next(NaN, 1), [NaN]);
      expectExact(dl.movingAverage([Infinity], [1], 0.9, 3), [Infinity]);
    });
  });
});

describe('softplus and its like', () => {
  it('neither overflow nor lose an infinity', () => {
    dl.tidy(() => {
      const x = dl.tensor1d([-Infinity, Infinity, NaN]);
      expectExact(x.softplus(), [0, Infinity, NaN]);
      expectExact(x.logSigmoid(), [-Infinity, 0, NaN]);
      expectExact(x.sigmoid(), [0, 1, NaN]);
      expectExact(x.tanh(), [-1, 1, NaN]);
      expectExact(x.elu(), [-1, Infinity, NaN]);
    });
  });
});
