import {
  beside,
  choice,
  extents,
  flag,
  integer,
  number,
  pairOrNumber,
  plain,
  tensor,
  tensors,
  type Argument,
  type Row,
  type Rows,
} from './argument';

const anyNumber = 'any number';
const explicit = [
  [0, 0],
  [1, 0],
  [0, 1],
  [0, 0],
];
const pad = plain('pad', 'same', [
  'nonsense',
  -1,
  0.5,
  NaN,
  [1, 2],
  [[1], ...explicit.slice(1)],
  [[-1, 0], ...explicit.slice(1)],
]);
const rounding = plain('dimRoundingMode', undefined, ['nonsense', 5, 'toString'], 'optional');
const strides = pairOrNumber('strides', 1);
const dilations = (name: string): Argument => pairOrNumber(name, 1, 'optional');
const dataFormat = choice('dataFormat', 'NHWC');

const x = tensor('x', [2, 5, 5, 2], { ranks: [3, 4], shapes: [[2, 5, 5, 3]] });
const filter = tensor('filter', [3, 3, 2, 3], {
  ranks: [4],
  shapes: [
    [3, 3, 3, 3],
    [0, 3, 2, 3],
  ],
});
const convolution: readonly Argument[] = [
  x,
  filter,
  strides,
  pad,
  dataFormat,
  dilations('dilations'),
  rounding,
];

const images = (name: string): Argument => tensor(name, [2, 4, 4, 2], { ranks: [3, 4] });
const pooling: readonly Argument[] = [images('x'), pairOrNumber('filterSize', 2), strides, pad];

const normalized = {
  mean: tensor('mean', [3], { shapes: [[2], [1, 1, 1, 1, 3]] }),
  variance: tensor('variance', [3], { shapes: [[2], [1, 1, 1, 1, 3]] }),
  offset: tensor('offset', [3], { shapes: [[2]], presence: 'optional' }),
  scale: tensor('scale', [3], { shapes: [[2]], presence: 'optional' }),
  epsilon: number('varianceEpsilon', 0.001, anyNumber, 'optional'),
};
const normalizations: Rows = Object.fromEntries(
  [undefined, 2, 3, 4].flatMap((rank) => {
    const shape = [...new Array<number>((rank ?? 2) - 1).fill(2), 3];
    const value = tensor('x', shape, { ...(rank ? { ranks: [rank] } : {}) });
    const { mean, variance, offset, scale, epsilon } = normalized;
    const ending = rank ? `${rank}d` : '';
    return [
      [`batchNorm${ending}`, [value, mean, variance, offset, scale, epsilon]],
      [`batchNormalization${ending}`, [value, mean, variance, epsilon, scale, offset]],
    ];
  }),
);

const fusion: readonly Argument[] = [
  tensor('bias', [3], { shapes: [[2], [3, 1, 1, 1, 3]], presence: 'optional' }),
  choice('activation', 'relu'),
  tensor('preluActivationWeights', [3], { shapes: [[2]], presence: 'optional' }),
  number('leakyreluAlpha', 0.2, anyNumber, 'optional'),
];
/** Its arguments go in as the members of one record. */
function ofRecord(...args: Argument[]): Row {
  return {
    args,
    call: (f, ...values) => f(Object.fromEntries(args.map(({ name }, i) => [name, values[i]]))),
  };
}

const matrices = (first: string, second: string): readonly Argument[] => [
  tensor(first, [2, 3], {
    ranks: [2, 3, 4, 5, 6],
    shapes: [
      [2, 2],
      [3, 2],
    ],
  }),
  tensor(second, [3, 4], {
    ranks: [2, 3, 4, 5, 6],
    shapes: [
      [2, 4],
      [4, 3],
    ],
  }),
];

const cellState = (name: string): Argument => tensor(name, [2, 2], { ranks: [2], shapes: [[3, 2]] });
/** Layers, cells and products. */
export const neuralRows: Rows = {
  conv2d: convolution,
  depthwiseConv2d: convolution,
  conv1d: [
    tensor('x', [2, 5, 2], { ranks: [2, 3], shapes: [[2, 5, 3]] }),
    tensor('filter', [3, 2, 3], { ranks: [3], shapes: [[3, 3, 3]] }),
    integer('stride', 1, { least: 1 }),
    pad,
    choice('dataFormat', 'NWC'),
    integer('dilation', 1, { least: 1, presence: 'optional' }),
    rounding,
  ],
  conv2dTranspose: [
    tensor('x', [1, 2, 2, 3], {
      ranks: [3, 4],
      shapes: [
        [1, 3, 2, 3],
        [1, 2, 2, 2],
      ],
    }),
    tensor('filter', [3, 3, 2, 3], {
      ranks: [4],
      shapes: [
        [3, 3, 2, 2],
        [3, 3, 3, 3],
      ],
    }),
    extents(
      'outputShape',
      [1, 4, 4, 2],
      [
        [1, 4, 4, 3],
        [1, 9, 4, 2],
        [4, 4],
        [1, 1, 4, 4, 2],
      ],
    ),
    pairOrNumber('strides', 2),
    pad,
    rounding,
  ],
  separableConv2d: [
    tensor('x', [1, 4, 4, 2], { ranks: [3, 4], shapes: [[1, 4, 4, 3]] }),
    tensor('depthwiseFilter', [2, 2, 2, 2], { ranks: [4], shapes: [[2, 2, 3, 2]] }),
    tensor('pointwiseFilter', [1, 1, 4, 3], {
      ranks: [4],
      shapes: [
        [1, 1, 3, 3],
        [2, 1, 4, 3],
      ],
    }),
    strides,
    pad,
    dilations('dilation'),
    dataFormat,
  ],
  ...Object.fromEntries(['maxPool', 'avgPool', 'minPool'].map((name) => [name, [...pooling, rounding]])),
  maxPoolWithArgmax: [...pooling, flag('includeBatchInIndex')],
  pool: [
    images('input'),
    pairOrNumber('windowShape', 2),
    choice('poolingType', 'max', 'required'),
    pad,
    dilations('dilations'),
    pairOrNumber('strides', 1, 'optional'),
    rounding,
  ],
  ...normalizations,
  localResponseNormalization: [
    images('x'),
    integer('depthRadius', 1, { least: 0, presence: 'optional' }),
    number('bias', 1, anyNumber, 'optional'),
    number('alpha', 1, anyNumber, 'optional'),
    number('beta', 0.5, anyNumber, 'optional'),
  ],
  basicLSTMCell: [
    tensor('forgetBias', [], { shapes: [[3], [3, 3]] }),
    tensor('lstmKernel', [5, 8], {
      ranks: [2],
      shapes: [
        [4, 8],
        [5, 7],
      ],
    }),
    tensor('lstmBias', [8], { ranks: [1], shapes: [[7]] }),
    tensor('data', [2, 3], {
      ranks: [2],
      shapes: [
        [2, 2],
        [3, 3],
      ],
    }),
    beside(cellState('c'), 'h'),
    cellState('h'),
  ],
  multiRNNCell: [
    plain('lstmCells', [(_: unknown, c: unknown, h: unknown) => [c, h]], [['nonsense'], [null], []]),
    tensor('data', [1, 2], { ranks: [2] }),
    plain('c', [[[1, 2]]], [[], [[1]], ['nonsense'], [null], [[[1]], [[1]]]]),
    plain('h', [[[1, 2]]], [[], [[1]], ['nonsense'], [null], [[[1]], [[1]]]]),
  ],
  'fused.matMul': ofRecord(
    ...matrices('a', 'b'),
    flag('transposeA'),
    flag('transposeB'),
    tensor('bias', [4], { shapes: [[3], [3, 1]], presence: 'optional' }),
    ...fusion.slice(1, 2),
    tensor('preluActivationWeights', [4], { shapes: [[3]], presence: 'optional' }),
    ...fusion.slice(3),
  ),
  'fused.conv2d': ofRecord(...convolution, ...fusion),
  'fused.depthwiseConv2d': ofRecord(
    x,
    tensor('filter', [3, 3, 2, 2], { ranks: [4], shapes: [[3, 3, 3, 2]] }),
    ...convolution.slice(2),
    tensor('bias', [4], { shapes: [[3]], presence: 'optional' }),
    choice('activation', 'relu'),
    tensor('preluActivationWeights', [4], { shapes: [[3]], presence: 'optional' }),
    number('leakyreluAlpha', 0.2, anyNumber, 'optional'),
  ),
  matMul: [...matrices('a', 'b'), flag('transposeA'), flag('transposeB')],
  dot: [
    tensor('a', [2, 3], { ranks: [1, 2], shapes: [[2, 2], [2]] }),
    tensor('b', [3, 2], { ranks: [1, 2], shapes: [[2, 3], [2]] }),
  ],
  outerProduct: [tensor('a', [2], { ranks: [1] }), tensor('b', [3], { ranks: [1] })],
  matrixTimesVector: [
    tensor('matrix', [2, 3], { ranks: [2], shapes: [[3, 2]] }),
    tensor('v', [3], { ranks: [1], shapes: [[2]] }),
  ],
  vectorTimesMatrix: [
    tensor('v', [2], { ranks: [1], shapes: [[3]] }),
    tensor('matrix', [2, 3], { ranks: [2], shapes: [[3, 2]] }),
  ],
  'linalg.bandPart': [
    tensor('x', [3, 3], { ranks: [2, 3, 4, 5, 6] }),
    number('numLower', 1, [NaN, 0.5, 4]),
    number('numUpper', 1, [NaN, 0.5, 4]),
  ],
  'linalg.gramSchmidt': [tensors('xs', [3], { ranks: [1], shapes: [[2]] })],
  'linalg.qr': [tensor('x', [3, 2], { ranks: [2, 3, 4, 5, 6] }), flag('fullMatrices')],
};
