import type { Rank, Tensor1D, Tensor2D } from '../../src/tensor';
import * as ops from '../../src/tensor/ops';
import type { Overrides } from './sample-call';

const { image, linalg, losses, zeros, ones } = ops;
const places = (...values: number[]): Tensor1D => ops.tensor1d(values, 'int32');
const noRows = (): Tensor2D => zeros([0, 3]);
const suppression: Overrides = { empty: () => image.nonMaxSuppression(zeros([0, 4]), zeros([0]), 2) };
const cell = (): unknown =>
  ops.basicLSTMCell(1, ones([5, 8]), ones([8]), noRows(), zeros([0, 2]), zeros([0, 2]));
const lossOf = (loss: (labels: Tensor2D, predictions: Tensor2D) => unknown): Overrides => ({
  empty: () => loss(noRows(), noRows()),
});

/** Where the call without elements, or with int32, is not what follows from the op's gradient row. */
export const overrides: Readonly<Record<string, Overrides>> = {
  basicLSTMCell: { empty: cell },
  multiRNNCell: {
    empty: () =>
      ops.multiRNNCell(
        [(data, c, h) => ops.basicLSTMCell(1, ones([5, 8]), ones([8]), data, c, h)],
        noRows(),
        [zeros([0, 2])],
        [zeros([0, 2])],
      ),
  },
  booleanMaskAsync: { empty: () => ops.booleanMaskAsync(noRows(), zeros([0], 'bool')) },
  broadcastTo: { empty: () => ops.broadcastTo(zeros([1, 3]), [0, 3]) },
  concat: { empty: () => ops.concat([noRows(), noRows()]) },
  concat2d: { empty: () => ops.concat2d([noRows(), noRows()]) },
  concat3d: { empty: () => ops.concat3d([zeros([0, 2, 1]), zeros([1, 2, 1])]) },
  conv2dTranspose: {
    empty: () =>
      ops.conv2dTranspose(zeros<Rank.R4>([0, 2, 2, 3]), ones([3, 3, 2, 3]), [0, 4, 4, 2], 2, 'same'),
  },
  dot: { empty: () => ops.dot(zeros([0]), noRows()) },
  einsum: { empty: () => ops.einsum('ij,jk->ik', zeros([2, 0]), noRows()) },
  ensureShape: { empty: () => ops.ensureShape(noRows(), [0, null]) },
  'image.nonMaxSuppression': suppression,
  'image.nonMaxSuppressionAsync': {
    empty: () => image.nonMaxSuppressionAsync(zeros([0, 4]), zeros([0]), 2),
  },
  'image.nonMaxSuppressionPadded': {
    empty: () => image.nonMaxSuppressionPadded(zeros([0, 4]), zeros([0]), 2),
  },
  'image.nonMaxSuppressionPaddedAsync': {
    empty: () => image.nonMaxSuppressionPaddedAsync(zeros([0, 4]), zeros([0]), 2),
  },
  'image.nonMaxSuppressionWithScore': {
    empty: () => image.nonMaxSuppressionWithScore(zeros([0, 4]), zeros([0]), 2),
  },
  'image.nonMaxSuppressionWithScoreAsync': {
    empty: () => image.nonMaxSuppressionWithScoreAsync(zeros([0, 4]), zeros([0]), 2),
  },
  // By whole pixels: int32 takes the whole part of a result, be it 2 or, by the order of its roundings, 1.9999999.
  'image.transform': {
    int32: () =>
      image.transform(places(1, 2, 3, 4, 5, 6).reshape([1, 2, 3, 1]), [[1, 0, 1, 0, 1, 0, 0, 0]], 'bilinear'),
  },
  'linalg.bandPart': { empty: () => linalg.bandPart(noRows(), 0, 1) },
  'linalg.gramSchmidt': { empty: 'wants at least one vector, as in TensorFlow.js' },
  'losses.absoluteDifference': lossOf(losses.absoluteDifference),
  'losses.computeWeightedLoss': lossOf((weights, x) => losses.computeWeightedLoss(x, weights)),
  'losses.hingeLoss': lossOf(losses.hingeLoss),
  'losses.huberLoss': lossOf(losses.huberLoss),
  'losses.logLoss': lossOf(losses.logLoss),
  'losses.sigmoidCrossEntropy': lossOf(losses.sigmoidCrossEntropy),
  'losses.softmaxCrossEntropy': lossOf(losses.softmaxCrossEntropy),
  mirrorPad: {
    empty: () =>
      ops.mirrorPad(
        noRows(),
        [
          [0, 0],
          [1, 1],
        ],
        'symmetric',
      ),
  },
  movingAverage: { empty: () => ops.movingAverage(zeros([0]), zeros([0]), 0.5, null, false) },
  reshape: { empty: () => ops.reshape(noRows(), [2, 0]) },
  scatterND: { empty: () => ops.scatterND(zeros([0, 1], 'int32'), zeros([0, 2]), [3, 2]) },
  slice: { empty: () => ops.slice(noRows(), [0, 1], [0, 2]) },
  slice1d: { empty: () => ops.slice1d(zeros([0]), 0) },
  slice2d: { empty: () => ops.slice2d(noRows(), [0, 1]) },
  slice3d: { empty: () => ops.slice3d(zeros([0, 2, 1]), [0, 1, 0]) },
  slice4d: { empty: () => ops.slice4d(zeros([0, 2, 1, 1]), [0, 1, 0, 0]) },
  unsortedSegmentSum: { empty: () => ops.unsortedSegmentSum(zeros([0, 2]), places(), 3) },
  vectorTimesMatrix: { empty: () => ops.vectorTimesMatrix(zeros([0]), noRows()) },
  where: { empty: () => ops.where(zeros([0, 3], 'bool'), noRows(), noRows()) },
};
