// A batch that is masked as a whole, with weights that are all 0: every loss, every reduction, and their gradients.
import * as dl from 'rxtensor/tensor';
import { expectExact } from '../../../test/support/close';

const { Reduction, losses } = dl;
type Loss = (labels: dl.Tensor, x: dl.Tensor, weights: dl.TensorInput, reduction?: dl.Reduction) => dl.Tensor;

/** Each with the defaults for all else. */
const table: Readonly<Record<Exclude<keyof typeof losses, 'Reduction'>, Loss>> = {
  computeWeightedLoss: (_, x, w, r) => losses.computeWeightedLoss(x, w, r),
  absoluteDifference: (y, x, w, r) => losses.absoluteDifference(y, x, w, r),
  meanSquaredError: (y, x, w, r) => losses.meanSquaredError(y, x, w, r),
  cosineDistance: (y, x, w, r) => losses.cosineDistance(y, x, 1, w, r),
  hingeLoss: (y, x, w, r) => losses.hingeLoss(y, x, w, r),
  huberLoss: (y, x, w, r) => losses.huberLoss(y, x, w, undefined, r),
  logLoss: (y, x, w, r) => losses.logLoss(y, x, w, undefined, r),
  sigmoidCrossEntropy: (y, x, w, r) => losses.sigmoidCrossEntropy(y, x, w, undefined, r),
  softmaxCrossEntropy: (y, x, w, r) => losses.softmaxCrossEntropy(y, x, w, undefined, r),
};
const truth = [
  [0, 1, 0],
  [1, 0, 0],
];
const guess = [
  [0.25, 0.5, 0.125],
  [0.75, 0.5, 0.25],
];
const zeros = [
  [0, 0, 0],
  [0, 0, 0],
];
const reductions = [
  undefined,
  Reduction.NONE,
  Reduction.MEAN,
  Reduction.SUM,
  Reduction.SUM_BY_NONZERO_WEIGHTS,
];

describe('weights that are all 0', () => {
  it('are tried with every loss there is', () => {
    expect(Object.keys(table).sort()).toEqual(
      Object.keys(losses)
        .filter((name) => name !== 'Reduction')
        .sort(),
    );
  });

  for (const [name, loss] of Object.entries(table)) {
    it(`make ${name} 0, and its gradients`, () => {
      for (const reduction of reductions) {
        dl.tidy(() => {
          const [labels, x] = [dl.tensor(truth), dl.tensor(guess)];
          const { shape } = loss(labels, x, 0, reduction);
          const each = dl.zerosLike(loss(labels, x, 0, Reduction.NONE));
          const nothing = {
            shape: shape as number[],
            values: new Array<number>(dl.zeros(shape).size).fill(0),
          };
          for (const weights of [dl.scalar(0), each, each.cast<dl.Tensor>('int32')]) {
            const context = `reduction ${reduction}, weights ${weights.dtype} of rank ${weights.rank}`;
            expectExact(loss(labels, x, weights, reduction), nothing, context);
            const slope = dl.grad((at) => loss(labels, at, weights, reduction));
            expectExact(slope(x), zeros, context);
            // Some are linear: their gradient is made to depend on x.
            expectExact(dl.grad((at) => slope(at).square().add(at.mul(0)))(x), zeros, context);
          }
        });
      }
    });
  }

  it('cancel each other in a mean by their sum', () => {
    dl.tidy(() => {
      const f = (x: dl.Tensor): dl.Tensor => losses.computeWeightedLoss(x, [1, -1], Reduction.MEAN);
      expectExact(f(dl.tensor1d([3, 5])), 0);
      expectExact(dl.grad(f)(dl.tensor1d([3, 5])), [0, 0]);
    });
  });

  it('have gradients of their own that are finite', () => {
    dl.tidy(() => {
      for (const reduction of reductions) {
        const byWeights = dl.grad((w) => losses.meanSquaredError([1, 2], [3, 5], w, reduction));
        expect([...byWeights([0, 0]).dataSync()].every(Number.isFinite))
          .withContext(`${reduction}`)
          .toBeTrue();
      }
    });
  });
});
