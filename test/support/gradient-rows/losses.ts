import * as dl from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import type { GradientRows } from './row';

const { losses } = ops;

/** Losses. */
export const lossesRows: GradientRows = {
  'losses.computeWeightedLoss': {
    f: (x, w) => losses.computeWeightedLoss(x, w, dl.Reduction.MEAN),
    at: [sample([2, 3], 1), sample([2, 1], 2, 0.5, 2)],
  },
  'losses.absoluteDifference': {
    f: (x) => losses.absoluteDifference([0.25, 0, -1], x),
    at: [[1, -1, 0.5]],
  },
  'losses.meanSquaredError': {
    f: (y, x) => losses.meanSquaredError(y, x),
    at: [sample([2, 3], 1), sample([2, 3], 2)],
  },
  'losses.cosineDistance': {
    f: (y, x) => losses.cosineDistance(y, x, 1),
    at: [sample([2, 3], 1), sample([2, 3], 2)],
  },
  'losses.hingeLoss': { f: (x) => losses.hingeLoss([1, 0, 1], x), at: [[0.5, 0.25, 2]] },
  'losses.huberLoss': { f: (x) => losses.huberLoss([0, 0, 0], x), at: [[0.5, -0.25, 2]] },
  'losses.logLoss': { f: (x) => losses.logLoss([1, 0, 1], x), at: [[0.5, 0.25, 0.75]] },
  'losses.sigmoidCrossEntropy': {
    f: (x) => losses.sigmoidCrossEntropy([1, 0, 1], x, [1, 2, 3]),
    at: [[1, 2, -1]],
  },
  'losses.softmaxCrossEntropy': {
    f: (y, x) => losses.softmaxCrossEntropy(y, x, [1, 2]),
    at: [sample([2, 3], 1, 0, 1), sample([2, 3], 2)],
  },
};
