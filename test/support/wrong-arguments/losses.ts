import { Reduction } from '../../../src/tensor/ops';
import { axis, number, plain, tensor, type Argument, type Rows } from './argument';

const anyNumber = 'any number';
const reduction = plain('reduction', Reduction.SUM, [-1, 4, 0.5, NaN], 'optional');
const weights = tensor('weights', [2, 3], { shapes: [[2], [3, 3], [2, 2, 3]], presence: 'optional' });
const pairOf = (first: string, second: string): readonly Argument[] => [
  tensor(first, [2, 3], { shapes: [[3, 2], [3]] }),
  tensor(second, [2, 3], { shapes: [[3, 2], [3]] }),
];
const both = pairOf('labels', 'predictions');

/** Losses. */
export const lossRows: Rows = {
  'losses.computeWeightedLoss': [tensor('losses', [2, 3]), weights, reduction],
  'losses.absoluteDifference': [...both, weights, reduction],
  'losses.meanSquaredError': [...both, weights, reduction],
  'losses.hingeLoss': [...both, weights, reduction],
  'losses.cosineDistance': [
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
  'losses.huberLoss': [...both, weights, number('delta', 1, anyNumber, 'optional'), reduction],
  'losses.logLoss': [...both, weights, number('epsilon', 1e-7, anyNumber, 'optional'), reduction],
  'losses.sigmoidCrossEntropy': [
    tensor('labels', [2, 3], { shapes: [[3, 2], [3]] }),
    tensor('logits', [2, 3], { shapes: [[3, 2], [3]] }),
    weights,
    number('labelSmoothing', 0, anyNumber, 'optional'),
    reduction,
  ],
  'losses.softmaxCrossEntropy': [
    ...pairOf('onehotLabels', 'logits'),
    tensor('weights', [2], { shapes: [[3], [2, 2]], presence: 'optional' }),
    number('labelSmoothing', 0, anyNumber, 'optional'),
    reduction,
  ],
};
