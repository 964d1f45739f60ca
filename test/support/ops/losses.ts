import type { Tensor2D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import { axis, number, plain, tensor, type Argument } from '../wrong-arguments/argument';
import { type Family, type SampleCall } from './description';
import { noRows } from './inputs';
import { overflowing, ofInfinity, summed } from './nan-decisions';
import { scalarUnless } from './result-rank';

const { Reduction, losses } = ops;
const anyNumber = 'any number';
const reduction = plain('reduction', Reduction.SUM, [-1, 4, 0.5, NaN], 'optional');
const weights = tensor('weights', [2, 3], { shapes: [[2], [3, 3], [2, 2, 3]], presence: 'optional' });
const pairOf = (first: string, second: string): readonly Argument[] => [
  tensor(first, [2, 3], { shapes: [[3, 2], [3]] }),
  tensor(second, [2, 3], { shapes: [[3, 2], [3]] }),
];
const both = pairOf('labels', 'predictions');
const lossOf = (loss: (labels: Tensor2D, predictions: Tensor2D) => unknown): Partial<SampleCall> => ({
  empty: () => loss(noRows(), noRows()),
});

/** Descriptions of losses. */
export const lossOps = {
  'losses.computeWeightedLoss': {
    args: [tensor('losses', [2, 3]), weights, reduction],
    rank: scalarUnless(losses.computeWeightedLoss, 'the reduction is NONE'),
    gradient: {
      f: (x, w) => losses.computeWeightedLoss(x, w, Reduction.MEAN),
      at: [sample([2, 3], 1), sample([2, 1], 2, 0.5, 2)],
      nan: {
        gradient: {
          huge: summed,
          infinite: 'the derivative with respect to the weights of an infinite loss',
        },
        'second derivative': { tiny: summed, huge: summed, infinite: summed },
      },
    },
    sample: lossOf((weights, x) => losses.computeWeightedLoss(x, weights)),
  },
  'losses.absoluteDifference': {
    args: [...both, weights, reduction],
    rank: scalarUnless(losses.absoluteDifference, 'the reduction is NONE'),
    gradient: { f: (x) => losses.absoluteDifference([0.25, 0, -1], x), at: [[1, -1, 0.5]] },
    sample: lossOf(losses.absoluteDifference),
  },
  'losses.meanSquaredError': {
    args: [...both, weights, reduction],
    rank: scalarUnless(losses.meanSquaredError, 'the reduction is NONE'),
    gradient: { f: (y, x) => losses.meanSquaredError(y, x), at: [sample([2, 3], 1), sample([2, 3], 2)] },
  },
  'losses.hingeLoss': {
    args: [...both, weights, reduction],
    rank: scalarUnless(losses.hingeLoss, 'the reduction is NONE'),
    gradient: { f: (x) => losses.hingeLoss([1, 0, 1], x), at: [[0.5, 0.25, 2]] },
    sample: lossOf(losses.hingeLoss),
  },
  'losses.cosineDistance': {
    args: [
      ...both,
      axis('axis', 1, 2, 'required'),
      tensor('weights', [2, 1], {
        shapes: [
          [3, 1],
          [2, 2],
        ],
        presence: 'optional',
      }),
      reduction,
    ],
    rank: scalarUnless(losses.cosineDistance, 'the reduction is NONE'),
    gradient: { f: (y, x) => losses.cosineDistance(y, x, 1), at: [sample([2, 3], 1), sample([2, 3], 2)] },
  },
  'losses.huberLoss': {
    args: [...both, weights, number('delta', 1, anyNumber, 'optional'), reduction],
    rank: scalarUnless(losses.huberLoss, 'the reduction is NONE'),
    gradient: { f: (x) => losses.huberLoss([0, 0, 0], x), at: [[0.5, -0.25, 2]] },
    sample: lossOf(losses.huberLoss),
  },
  'losses.logLoss': {
    args: [...both, weights, number('epsilon', 1e-7, anyNumber, 'optional'), reduction],
    rank: scalarUnless(losses.logLoss, 'the reduction is NONE'),
    gradient: { f: (x) => losses.logLoss([1, 0, 1], x), at: [[0.5, 0.25, 0.75]] },
    sample: lossOf(losses.logLoss),
  },
  'losses.sigmoidCrossEntropy': {
    args: [
      tensor('labels', [2, 3], { shapes: [[3, 2], [3]] }),
      tensor('logits', [2, 3], { shapes: [[3, 2], [3]] }),
      weights,
      number('labelSmoothing', 0, anyNumber, 'optional'),
      reduction,
    ],
    rank: scalarUnless(losses.sigmoidCrossEntropy, 'the reduction is NONE'),
    gradient: { f: (x) => losses.sigmoidCrossEntropy([1, 0, 1], x, [1, 2, 3]), at: [[1, 2, -1]] },
    sample: lossOf(losses.sigmoidCrossEntropy),
  },
  'losses.softmaxCrossEntropy': {
    args: [
      ...pairOf('onehotLabels', 'logits'),
      tensor('weights', [2], { shapes: [[3], [2, 2]], presence: 'optional' }),
      number('labelSmoothing', 0, anyNumber, 'optional'),
      reduction,
    ],
    rank: scalarUnless(losses.softmaxCrossEntropy, 'the reduction is NONE'),
    gradient: {
      f: (y, x) => losses.softmaxCrossEntropy(y, x, [1, 2]),
      at: [sample([2, 3], 1, 0, 1), sample([2, 3], 2)],
      nan: {
        gradient: {
          infinite: 'the softmax of ∞ is NaN; a logit of −∞ for a labelled class gives an infinite loss',
        },
        'second derivative': { huge: overflowing, infinite: ofInfinity },
      },
    },
    sample: lossOf(losses.softmaxCrossEntropy),
  },
} satisfies Family;
