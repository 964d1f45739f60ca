import {
  beside,
  axis,
  choice,
  flag,
  integer,
  number,
  plain,
  extents,
  tensor,
  type Argument,
  type Rows,
  dataType,
} from './argument';

const anyNumber = 'any number';
const integers = { dtype: 'int32', dtypes: ['int32'] } as const;
const somewhere = [1, 2, 3, 4, 5, 6];
const indices = tensor('indices', [2], integers);

const sorted: readonly Argument[] = [
  tensor('sortedSequence', [1, 3], { ranks: somewhere, shapes: [[2, 3]] }),
  tensor('values', [1, 2], { ranks: somewhere, shapes: [[2, 2]] }),
];

const confusion: readonly Argument[] = [
  tensor('labels', [3], { ranks: [1], shapes: [[2]] }),
  tensor('predictions', [3], { ranks: [1], shapes: [[2]] }),
  integer('numClasses', 2, { least: 1 }),
];

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
const suppressions: Rows = Object.fromEntries(
  ['', 'Async'].flatMap((ending) => [
    [`image.nonMaxSuppression${ending}`, suppression()],
    [`image.nonMaxSuppressionPadded${ending}`, suppression(flag('padToMaxOutputSize'))],
    [
      `image.nonMaxSuppressionWithScore${ending}`,
      suppression(number('softNmsSigma', 0, [NaN, -0.1, 1.1], 'optional')),
    ],
  ]),
);

/** Ops that pick, count and compare by number, and those that read values. */
export const indexingRows: Rows = {
  ...suppressions,
  gather: [
    beside(tensor('x', [3, 2], { ranks: somewhere }), 'axis'),
    indices,
    axis('axis', 0, 2),
    number('batchDims', 0, [NaN, 0.5, 2, -2], 'optional'),
  ],
  gatherND: [
    beside(tensor('x', [3, 2], { ranks: somewhere }), 'indices'),
    tensor('indices', [4, 2], { ...integers, ranks: somewhere, shapes: [[4, 3]] }),
  ],
  scatterND: [
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
  tensorScatterUpdate: [
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
  unsortedSegmentSum: [
    tensor('x', [4, 2], { ranks: somewhere, shapes: [[3, 2]] }),
    tensor('segmentIds', [4], { ...integers, ranks: [1], shapes: [[3]] }),
    integer('numSegments', 3, { least: 0 }),
  ],
  bincount: [
    tensor('x', [4], { ...integers, ranks: [1], shapes: [[3]] }),
    tensor('weights', [4], { shapes: [[3], [4, 1]] }),
    integer('size', 3, { least: 0 }),
  ],
  denseBincount: [
    tensor('x', [2, 3], { ...integers, ranks: [1, 2], shapes: [[3, 2]] }),
    tensor('weights', [2, 3], { shapes: [[3], [3, 2]] }),
    integer('size', 3, { least: 0 }),
    flag('binaryOutput'),
  ],
  confusionMatrix: confusion,
  'math.confusionMatrix': confusion,
  topk: [
    tensor('x', [3, 4], { ranks: somewhere }),
    integer('k', 2, { least: 0, most: 4, presence: 'optional' }),
    plain('sorted', true, [1], 'optional'),
  ],
  searchSorted: [...sorted, choice('side', 'left')],
  lowerBound: sorted,
  upperBound: sorted,
  oneHot: [
    indices,
    integer('depth', 3, { least: 1 }),
    number('onValue', 1, anyNumber, 'optional'),
    number('offValue', 0, anyNumber, 'optional'),
    dataType(),
  ],
  unique: [beside(tensor('x', [3, 2], { ranks: somewhere }), 'axis'), axis('axis', 0, 2)],
  setdiff1dAsync: [
    tensor('x', [3], { ranks: [1], dtypes: ['float32'] }),
    tensor('y', [2], { ranks: [1], dtypes: ['float32'] }),
  ],
  whereAsync: [tensor('condition', [2, 2], { dtype: 'bool', dtypes: ['bool'] })],
  booleanMaskAsync: [
    beside(tensor('tensor', [3, 2], { ranks: somewhere }), 'axis'),
    tensor('mask', [3], { dtype: 'bool', dtypes: ['bool'], ranks: somewhere, shapes: [[2], [3, 3]] }),
    axis('axis', 0, 2),
  ],
  broadcastArgs: [
    tensor('s0', [2], { dtypes: ['float32', 'int32', 'bool'], ranks: [1] }),
    tensor('s1', [1], { ranks: [1] }),
  ],
};
