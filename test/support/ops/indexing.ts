import type { Tensor1D, Tensor2D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import {
  axis,
  beside,
  choice,
  dataType,
  extents,
  flag,
  integer,
  number,
  plain,
  tensor,
  type Argument,
} from '../wrong-arguments/argument';
import { callsOf, distinct, noGradient, type Family } from './description';
import { places } from './inputs';
import { from, gives, keepsRank, keepsRankOfValues, lengthOfShape, notKnown } from './result-rank';

const anyNumber = 'any number';
const integers = { dtype: 'int32', dtypes: ['int32'] } as const;
const somewhere = [1, 2, 3, 4, 5, 6];
const indices = tensor('indices', [2], integers);

const sorted: readonly Argument[] = [
  tensor('sortedSequence', [1, 3], { ranks: somewhere, shapes: [[2, 3]] }),
  tensor('values', [1, 2], { ranks: somewhere, shapes: [[2, 2]] }),
];
const sortedPoint = [
  [1, 3, 5],
  [0, 3, 9],
];

const confusion: readonly Argument[] = [
  tensor('labels', [3], { ranks: [1], shapes: [[2]] }),
  tensor('predictions', [3], { ranks: [1], shapes: [[2]] }),
  integer('numClasses', 2, { least: 1 }),
];
const confusionCalls = callsOf(
  (a, b) => ops.confusionMatrix(a.cast('int32'), b.cast('int32'), 2),
  [
    [0, 1, 1],
    [1, 1, 0],
  ],
);

/** Descriptions of ops that use indices: gather, scatter, count, sort and search. */
export const indexing = {
  gather: {
    args: [
      beside(tensor('x', [3, 2], { ranks: somewhere }), 'axis'),
      indices,
      axis('axis', 0, 2),
      number('batchDims', 0, [NaN, 0.5, 2, -2], 'optional'),
    ],
    rank: keepsRank(ops.gather),
    gradient: {
      gather: { f: (x) => ops.gather(x, places([1, 1, 2, 5]), 0).square(), at: [sample([3, 2])] },
      'gather with batches': {
        f: (x) => ops.gather(x, places([2, 0, 2, 1, 1, 7], 2, 3), 1, 1).square(),
        at: [sample([2, 3, 2])],
      },
      'gather along the last axis': { f: (x) => ops.gather(x, places([2, 0, 2]), -1), at: [sample([2, 3])] },
    },
  },
  gatherND: {
    args: [
      beside(tensor('x', [3, 2], { ranks: somewhere }), 'indices'),
      tensor('indices', [4, 2], { ...integers, ranks: somewhere, shapes: [[4, 3]] }),
    ],
    rank: notKnown('the last extent of the indices'),
    gradient: {
      f: (x) => ops.gatherND(x, places([1, 0, 0, 2, 1, 0, 2, 1], 4, 2)).square(),
      at: [sample([2, 3, 2])],
    },
  },
  scatterND: {
    args: [
      tensor('indices', [2, 1], {
        ...integers,
        ranks: somewhere,
        shapes: [
          [3, 1],
          [2, 3],
        ],
      }),
      tensor('updates', [2, 2], { shapes: [[3, 2], [2, 3], [2]] }),
      beside(extents('shape', [3, 2], [[3], [3, 3]]), 'updates'),
    ],
    rank: lengthOfShape,
    gradient: {
      f: (x) => ops.scatterND(places([1, 0, 1, 9], 4, 1), x, [3, 2]).square(),
      at: [sample([4, 2])],
    },
    sample: { empty: () => ops.scatterND(ops.zeros([0, 1], 'int32'), ops.zeros([0, 2]), [3, 2]) },
  },
  tensorScatterUpdate: {
    args: [
      beside(tensor('x', [3, 2], { ranks: somewhere }), 'indices'),
      tensor('indices', [2, 1], {
        ...integers,
        ranks: somewhere,
        shapes: [
          [3, 1],
          [2, 3],
        ],
      }),
      tensor('updates', [2, 2], { shapes: [[3, 2], [2, 3], [2]] }),
    ],
    rank: keepsRank(ops.tensorScatterUpdate),
    gradient: {
      f: (x, y) => ops.tensorScatterUpdate(x, places([1, 0, 1], 3, 1), y).square(),
      at: [sample([4, 2], 1), sample([3, 2], 2)],
    },
  },
  unsortedSegmentSum: {
    args: [
      tensor('x', [4, 2], { ranks: somewhere, shapes: [[3, 2]] }),
      tensor('segmentIds', [4], { ...integers, ranks: [1], shapes: [[3]] }),
      integer('numSegments', 3, { least: 0 }),
    ],
    rank: keepsRank(ops.unsortedSegmentSum),
    gradient: { f: (x) => ops.unsortedSegmentSum(x, places([1, 0, 1, 4]), 3).square(), at: [sample([4, 2])] },
    sample: { empty: () => ops.unsortedSegmentSum(ops.zeros([0, 2]), places([]), 3) },
  },
  bincount: {
    args: [
      tensor('x', [4], { ...integers, ranks: [1], shapes: [[3]] }),
      tensor('weights', [4], { shapes: [[3], [4, 1]] }),
      integer('size', 3, { least: 0 }),
    ],
    rank: gives<Tensor1D>(ops.bincount),
    gradient: { f: (x) => ops.bincount(places([1, 0, 1, 4]), x, 3).square(), at: [sample([4])] },
  },
  denseBincount: {
    args: [
      tensor('x', [2, 3], { ...integers, ranks: [1, 2], shapes: [[3, 2]] }),
      tensor('weights', [2, 3], { shapes: [[3], [3, 2]] }),
      integer('size', 3, { least: 0 }),
      flag('binaryOutput'),
    ],
    rank: keepsRank(ops.denseBincount),
    gradient: {
      f: (x) => ops.denseBincount(places([1, 0, 1, 2, 2, 4], 2, 3), x, 3).square(),
      at: [sample([2, 3])],
    },
  },
  topk: {
    args: [
      tensor('x', [3, 4], { ranks: somewhere }),
      integer('k', 2, { least: 0, most: 4, presence: 'optional' }),
      plain('sorted', true, [1], 'optional'),
    ],
    rank: from<Tensor2D, { values: Tensor2D; indices: Tensor2D }>(ops.topk),
    gradient: { f: (x) => ops.topk(x, 2).values.square(), at: [distinct([3, 4])] },
  },
  oneHot: {
    args: [
      indices,
      integer('depth', 3, { least: 1 }),
      number('onValue', 1, anyNumber, 'optional'),
      number('offValue', 0, anyNumber, 'optional'),
      dataType(),
    ],
    rank: notKnown('the rank of the input, and the types do not compute ranks'),
    gradient: noGradient.isBoolOrPlace,
    sample: callsOf((x) => ops.oneHot(x.cast('int32'), 3), [[0, 2, 1]]),
  },
  confusionMatrix: {
    args: confusion,
    rank: gives<Tensor2D>(ops.confusionMatrix),
    gradient: noGradient.countsPlaces,
    sample: confusionCalls,
  },
  'math.confusionMatrix': {
    args: confusion,
    rank: gives<Tensor2D>(ops.math.confusionMatrix),
    gradient: noGradient.countsPlaces,
    sample: confusionCalls,
  },
  searchSorted: {
    args: [...sorted, choice('side', 'left')],
    rank: keepsRankOfValues(ops.searchSorted),
    gradient: noGradient.countsPlaces,
    sample: callsOf((row, x) => ops.searchSorted(row, x), sortedPoint),
  },
  lowerBound: {
    args: sorted,
    rank: keepsRankOfValues(ops.lowerBound),
    gradient: noGradient.countsPlaces,
    sample: callsOf((row, x) => ops.lowerBound(row, x), sortedPoint),
  },
  upperBound: {
    args: sorted,
    rank: keepsRankOfValues(ops.upperBound),
    gradient: noGradient.countsPlaces,
    sample: callsOf((row, x) => ops.upperBound(row, x), sortedPoint),
  },
} satisfies Family;
