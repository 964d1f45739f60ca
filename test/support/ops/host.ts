import type { Scalar, Tensor, Tensor1D, Tensor2D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample, type ReferenceLike } from '../reference';
import { axis, beside, flag, integer, number, tensor, type Argument } from '../wrong-arguments/argument';
import { callsOf, noGradient, type Family, type SampleCall } from './description';
import { noRows, places } from './inputs';
import { from, gives, notKnown } from './result-rank';

const somewhere = [1, 2, 3, 4, 5, 6];

function suppression(...more: Argument[]): readonly Argument[] {
  return [
    tensor('boxes', [3, 4], {
      ranks: [2],
      shapes: [
        [3, 3],
        [2, 4],
      ],
    }),
    tensor('scores', [3], { ranks: [1], shapes: [[2]] }),
    integer('maxOutputSize', 2, { least: 0 }),
    number('iouThreshold', 0.5, [NaN, -0.1, 1.1], 'optional'),
    number('scoreThreshold', 0, [NaN], 'optional'),
    ...more,
  ];
}

const boxes: ReferenceLike = [
  [0, 0, 1, 1],
  [0, 0.125, 1, 1],
  [2, 2, 3, 3],
];
function suppressing(f: (boxes: Tensor, scores: Tensor, maxOutputSize: number) => unknown): SampleCall {
  return callsOf((each, scores) => f(each, scores, 2), [boxes, [0.5, 0.75, 0.25]], {
    empty: () => f(ops.zeros([0, 4]), ops.zeros([0]), 2),
  });
}

/** Descriptions of host ops. The shapes of their results depend on values, so they read the values of their inputs. */
export const host = {
  unique: {
    args: [beside(tensor('x', [3, 2], { ranks: somewhere }), 'axis'), axis('axis', 0, 2)],
    rank: from<Tensor2D, { values: Tensor2D; indices: Tensor1D }>(ops.unique),
    gradient: noGradient.isHostOp,
    sample: callsOf((x) => ops.unique(x), [[1, 3, 1]]),
  },
  setdiff1dAsync: {
    args: [
      tensor('x', [3], { ranks: [1], dtypes: ['float32'] }),
      tensor('y', [2], { ranks: [1], dtypes: ['float32'] }),
    ],
    rank: gives<Promise<[Tensor1D, Tensor1D]>>(ops.setdiff1dAsync),
    gradient: noGradient.isHostOp,
    sample: callsOf(
      (x, y) => ops.setdiff1dAsync(x, y),
      [
        [1, 2, 3],
        [2, 5],
      ],
    ),
  },
  whereAsync: {
    args: [tensor('condition', [2, 2], { dtype: 'bool', dtypes: ['bool'] })],
    rank: gives<Promise<Tensor2D>>(ops.whereAsync),
    gradient: noGradient.isHostOp,
    sample: callsOf(
      (x) => ops.whereAsync(x.cast('bool')),
      [
        [
          [1, 0],
          [1, 1],
        ],
      ],
    ),
  },
  booleanMaskAsync: {
    args: [
      beside(tensor('tensor', [3, 2], { ranks: somewhere }), 'axis'),
      tensor('mask', [3], { dtype: 'bool', dtypes: ['bool'], ranks: somewhere, shapes: [[2], [3, 3]] }),
      axis('axis', 0, 2),
    ],
    rank: notKnown('the rank of the mask'),
    gradient: noGradient.isHostOp,
    sample: callsOf((x, mask) => ops.booleanMaskAsync(x, mask.cast('bool')), [sample([3, 2]), [1, 0, 1]], {
      empty: () => ops.booleanMaskAsync(noRows(), ops.zeros([0], 'bool')),
    }),
  },
  broadcastArgs: {
    args: [
      tensor('s0', [2], { dtypes: ['float32', 'int32', 'bool'], ranks: [1] }),
      tensor('s1', [1], { ranks: [1] }),
    ],
    rank: gives<Tensor1D>(ops.broadcastArgs),
    gradient: noGradient.isHostOp,
    sample: callsOf((a, b) => ops.broadcastArgs(a.cast('int32'), b.cast('int32')), [[2, 1], [3]], {
      empty: () => ops.broadcastArgs(places([]), places([])),
    }),
  },
  'image.nonMaxSuppression': {
    args: suppression(),
    rank: gives<Tensor1D>(ops.image.nonMaxSuppression),
    gradient: noGradient.isHostOp,
    sample: suppressing(ops.image.nonMaxSuppression),
  },
  'image.nonMaxSuppressionAsync': {
    args: suppression(),
    rank: gives<Promise<Tensor1D>>(ops.image.nonMaxSuppressionAsync),
    gradient: noGradient.isHostOp,
    sample: suppressing(ops.image.nonMaxSuppressionAsync),
  },
  'image.nonMaxSuppressionWithScore': {
    args: suppression(number('softNmsSigma', 0, [NaN, -0.1, 1.1], 'optional')),
    rank: gives<{
      selectedIndices: Tensor1D;
      selectedScores: Tensor1D;
    }>(ops.image.nonMaxSuppressionWithScore),
    gradient: noGradient.isHostOp,
    sample: suppressing(ops.image.nonMaxSuppressionWithScore),
  },
  'image.nonMaxSuppressionWithScoreAsync': {
    args: suppression(number('softNmsSigma', 0, [NaN, -0.1, 1.1], 'optional')),
    rank: gives<Promise<{ selectedIndices: Tensor1D; selectedScores: Tensor1D }>>(
      ops.image.nonMaxSuppressionWithScoreAsync,
    ),
    gradient: noGradient.isHostOp,
    sample: suppressing(ops.image.nonMaxSuppressionWithScoreAsync),
  },
  'image.nonMaxSuppressionPadded': {
    args: suppression(flag('padToMaxOutputSize')),
    rank: gives<{
      selectedIndices: Tensor1D;
      validOutputs: Scalar;
    }>(ops.image.nonMaxSuppressionPadded),
    gradient: noGradient.isHostOp,
    sample: suppressing(ops.image.nonMaxSuppressionPadded),
  },
  'image.nonMaxSuppressionPaddedAsync': {
    args: suppression(flag('padToMaxOutputSize')),
    rank: gives<Promise<{ selectedIndices: Tensor1D; validOutputs: Scalar }>>(
      ops.image.nonMaxSuppressionPaddedAsync,
    ),
    gradient: noGradient.isHostOp,
    sample: suppressing(ops.image.nonMaxSuppressionPaddedAsync),
  },
} satisfies Family;
