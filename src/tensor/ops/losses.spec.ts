import * as dl from 'rxtensor/tensor';
import { expectClose } from '../../../test/support/close';
import {
  at,
  build,
  mapped,
  reference,
  sample,
  toTensor,
  type Reference,
} from '../../../test/support/reference';

const { Reduction, losses } = dl;
const sum = (x: Reference): number => x.values.reduce((a, b) => a + b, 0);

const labels = mapped(sample([3, 4], 1), (v) => Number(v > 0));
const predictions = sample([3, 4], 2);
const probabilities = sample([3, 4], 3, 0.05, 0.95);

const pairwise = (a: Reference, b: Reference, f: (label: number, prediction: number) => number): Reference =>
  build(a.shape, (index) => f(at(a, index), at(b, index)));

type Loss = (weights?: dl.TensorInput | null, reduction?: dl.Reduction) => dl.Tensor;

/** Each loss with defaults for all else, and its losses of single elements. */
const table: Record<
  Exclude<keyof typeof losses, 'computeWeightedLoss' | 'Reduction'>,
  { loss: Loss; each: Reference }
> = {
  absoluteDifference: {
    loss: (w, r) => losses.absoluteDifference(toTensor(labels), toTensor(predictions), w, r),
    each: pairwise(labels, predictions, (y, p) => Math.abs(y - p)),
  },
  meanSquaredError: {
    loss: (w, r) => losses.meanSquaredError(toTensor(labels), toTensor(predictions), w, r),
    each: pairwise(labels, predictions, (y, p) => (y - p) ** 2),
  },
  cosineDistance: {
    loss: (w, r) => losses.cosineDistance(toTensor(labels), toTensor(predictions), 1, w, r),
    each: build(
      [3, 1],
      ([i]) => 1 - [0, 1, 2, 3].reduce((s, j) => s + at(labels, [i!, j]) * at(predictions, [i!, j]), 0),
    ),
  },
  hingeLoss: {
    loss: (w, r) => losses.hingeLoss(toTensor(labels), toTensor(predictions), w, r),
    each: pairwise(labels, predictions, (y, p) => Math.max(0, 1 - (2 * y - 1) * p)),
  },
  huberLoss: {
    loss: (w, r) => losses.huberLoss(toTensor(labels), toTensor(predictions), w, 1, r),
    each: pairwise(labels, predictions, (y, p) =>
      Math.abs(y - p) <= 1 ? 0.5 * (y - p) ** 2 : Math.abs(y - p) - 0.5,
    ),
  },
  logLoss: {
    loss: (w, r) => losses.logLoss(toTensor(labels), toTensor(probabilities), w, 1e-7, r),
    each: pairwise(
      labels,
      probabilities,
      (y, p) => -y * Math.log(p + 1e-7) - (1 - y) * Math.log(1 - p + 1e-7),
    ),
  },
  sigmoidCrossEntropy: {
    loss: (w, r) => losses.sigmoidCrossEntropy(toTensor(labels), toTensor(predictions), w, 0, r),
    each: pairwise(
      labels,
      predictions,
      (y, x) => -y * Math.log(1 / (1 + Math.exp(-x))) - (1 - y) * Math.log(1 - 1 / (1 + Math.exp(-x))),
    ),
  },
  softmaxCrossEntropy: {
    loss: (w, r) => losses.softmaxCrossEntropy(toTensor(labels), toTensor(predictions), w, 0, r),
    each: build([3], ([i]) => {
      const total = [0, 1, 2, 3].reduce((s, j) => s + Math.exp(at(predictions, [i!, j])), 0);
      return -[0, 1, 2, 3].reduce(
        (s, j) => s + at(labels, [i!, j]) * (at(predictions, [i!, j]) - Math.log(total)),
        0,
      );
    }),
  },
};

/** Weights that broadcast to losses of a shape, some of them 0. */
function weightsFor(shape: readonly number[]): Reference[] {
  const full = build(shape, (index) => [2, 0, 1.5][index.reduce((a, b) => a + b, 0) % 3]!);
  return shape.length === 2 ? [full, reference([[2], [0], [1]]), reference(3)] : [full, reference(3)];
}

describe('losses', () => {
  it('have each a row here', () => {
    expect(Object.keys(table).sort()).toEqual(
      Object.keys(losses)
        .filter((name) => name !== 'computeWeightedLoss' && name !== 'Reduction')
        .sort(),
    );
  });

  for (const [name, { loss, each }] of Object.entries(table)) {
    it(`${name} gives the loss of each element, their sum and their mean`, () => {
      dl.tidy(() => {
        expectClose(loss(undefined, Reduction.NONE), each);
        expectClose(loss(null, Reduction.SUM), sum(each));
        expectClose(loss(undefined, Reduction.MEAN), sum(each) / each.values.length);
        expectClose(loss(), sum(each) / each.values.length);
      });
    });

    it(`${name} weighs them`, () => {
      dl.tidy(() => {
        for (const weights of weightsFor(each.shape)) {
          const repeated = build(each.shape, (index) => at(weights, index));
          const weighted = pairwise(each, repeated, (l, w) => l * w);
          const nonzero = repeated.values.filter((w) => w !== 0).length;
          const context = `weights [${weights.shape}]`;
          expectClose(loss(toTensor(weights), Reduction.NONE), weighted, undefined, context);
          expectClose(loss(toTensor(weights), Reduction.SUM), sum(weighted), undefined, context);
          expectClose(
            loss(toTensor(weights), Reduction.MEAN),
            sum(weighted) / sum(repeated),
            undefined,
            context,
          );
          expectClose(loss(toTensor(weights)), sum(weighted) / nonzero, undefined, context);
        }
      });
    });
  }

  it('name the shapes that differ', () => {
    expect(() => losses.meanSquaredError([1, 2], [1, 2, 3])).toThrowError(
      "meanSquaredError: argument 'predictions' has shape [3]; wanted [2], as 'labels'",
    );
    expect(() => losses.softmaxCrossEntropy([[1, 2]], [1, 2])).toThrowError(
      /softmaxCrossEntropy: argument 'logits' has shape \[2\]; wanted \[1,2\]/,
    );
    expect(() => losses.absoluteDifference('a' as never, [1])).toThrowError(
      /absoluteDifference: argument 'labels' is a string/,
    );
    expect(() => losses.computeWeightedLoss([1], [1], 9 as never)).toThrowError(
      /computeWeightedLoss: argument 'reduction' is 9/,
    );
  });

  it('cross-entropies do not overflow', () => {
    dl.tidy(() => {
      expectClose(losses.sigmoidCrossEntropy([1, 0], [200, 200], null, 0, Reduction.NONE), [0, 200]);
      expectClose(losses.sigmoidCrossEntropy([1, 0], [-200, -200], null, 0, Reduction.NONE), [200, 0]);
      expectClose(losses.softmaxCrossEntropy([[1, 0]], [[-500, 500]]), 1000);
      expectClose(losses.softmaxCrossEntropy([[0, 1]], [[0, 0]]), Math.LN2);
    });
  });

  it('huberLoss takes delta, cross-entropies smooth labels', () => {
    dl.tidy(() => {
      expectClose(losses.huberLoss([0, 0], [0.25, 3], null, 0.5, Reduction.NONE), [0.03125, 1.375]);
      const smooth = losses.sigmoidCrossEntropy([1], [2], null, 0.2);
      const y = 0.9;
      expectClose(
        smooth,
        -y * Math.log(1 / (1 + Math.exp(-2))) - (1 - y) * Math.log(1 - 1 / (1 + Math.exp(-2))),
      );
      const line = [1, 2, 3];
      const total = Math.log(line.reduce((s, v) => s + Math.exp(v), 0));
      const smoothed = [0.9 + 0.1 / 3, 0.1 / 3, 0.1 / 3].map((label, i) => -label * (line[i]! - total));
      expectClose(
        losses.softmaxCrossEntropy([[1, 0, 0]], [line], null, 0.1),
        smoothed[0]! + smoothed[1]! + smoothed[2]!,
      );
    });
  });
});

describe('losses.sigmoidCrossEntropy', () => {
  it('has its derivative where logits are 0, as they are when training begins', () => {
    dl.tidy(() => {
      const gradient = dl.grad((x) =>
        dl.losses.sigmoidCrossEntropy([1, 0], x, undefined, 0, dl.Reduction.SUM),
      );
      expectClose(gradient(dl.tensor1d([0, 0])), [-0.5, 0.5]);
    });
  });
});
