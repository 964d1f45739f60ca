import { Reduction } from '../../tensor/ops';
import {
  axis,
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
const rounding = plain('dimRoundingMode', undefined, ['nonsense', 5, 'toString'], 'nullable');
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
  offset: tensor('offset', [3], { shapes: [[2]], presence: 'nullable' }),
  scale: tensor('scale', [3], { shapes: [[2]], presence: 'nullable' }),
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
  tensor('bias', [3], { shapes: [[2], [3, 1, 1, 1, 3]], presence: 'nullable' }),
  choice('activation', 'relu'),
  tensor('preluActivationWeights', [3], { shapes: [[2]], presence: 'nullable' }),
  number('leakyreluAlpha', 0.2, anyNumber, 'optional'),
];
/** Its arguments go in as the members of one record. */
function ofRecord(...args: Argument[]): Row {
  return {
    args,
    call: (f, ...values) => f(Object.fromEntries(args.map(({ name }, i) => [name, values[i]]))),
  };
}

const reduction = plain('reduction', Reduction.SUM, [-1, 4, 0.5, NaN], 'nullable');
const weights = tensor('weights', [2, 3], { shapes: [[2], [3, 3], [2, 2, 3]], presence: 'nullable' });
const pairOf = (first: string, second: string): readonly Argument[] => [
  tensor(first, [2, 3], { shapes: [[3, 2], [3]] }),
  tensor(second, [2, 3], { shapes: [[3, 2], [3]] }),
];
const both = pairOf('labels', 'predictions');

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
const image = (ranks: readonly number[], shape: readonly number[], ...shapes: number[][]): Argument =>
  tensor('image', shape, { ranks, ...(shapes.length > 0 ? { shapes } : {}) });
const size = (name: string, presence: 'required' | 'nullable' = 'required'): Argument =>
  plain(name, [2, 2], [[0, 2], [-1, 2], [0.5, 2], [NaN, 2], [2], [2, 2, 2], ['nonsense', 2]], presence);
const resizing: readonly Argument[] = [
  tensor('images', [1, 3, 3, 2], { ranks: [3, 4], shapes: [[1, 0, 3, 2]] }),
  size('size'),
  flag('alignCorners'),
  flag('halfPixelCenters'),
];

/** Layers, losses, products, images. */
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
    tensor('bias', [4], { shapes: [[3], [3, 1]], presence: 'nullable' }),
    ...fusion.slice(1, 2),
    tensor('preluActivationWeights', [4], { shapes: [[3]], presence: 'nullable' }),
    ...fusion.slice(3),
  ),
  'fused.conv2d': ofRecord(...convolution, ...fusion),
  'fused.depthwiseConv2d': ofRecord(
    x,
    tensor('filter', [3, 3, 2, 2], { ranks: [4], shapes: [[3, 3, 3, 2]] }),
    ...convolution.slice(2),
    tensor('bias', [4], { shapes: [[3]], presence: 'nullable' }),
    choice('activation', 'relu'),
    tensor('preluActivationWeights', [4], { shapes: [[3]], presence: 'nullable' }),
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
      presence: 'nullable',
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
    tensor('weights', [2], { shapes: [[3], [2, 2]], presence: 'nullable' }),
    number('labelSmoothing', 0, anyNumber, 'optional'),
    reduction,
  ],

  'image.resizeBilinear': resizing,
  'image.resizeNearestNeighbor': resizing,
  'image.cropAndResize': [
    image([4], [2, 4, 3, 2], [2, 0, 3, 2]),
    tensor('boxes', [2, 4], {
      ranks: [2],
      shapes: [
        [2, 3],
        [3, 4],
      ],
    }),
    tensor('boxInd', [2], { dtype: 'int32', dtypes: ['int32'], ranks: [1], shapes: [[3]] }),
    size('cropSize'),
    choice('method', 'bilinear'),
    number('extrapolationValue', 0, anyNumber, 'optional'),
  ],
  'image.flipLeftRight': [image([4], [2, 4, 3, 2])],
  'image.grayscaleToRGB': [image([2, 3, 4, 5, 6], [2, 2, 1], [2, 2, 3])],
  'image.rgbToGrayscale': [image([2, 3, 4, 5, 6], [2, 2, 3], [2, 2, 1])],
  'image.rotateWithOffset': [
    image([4], [2, 4, 3, 3], [2, 0, 3, 3]),
    number('radians', 0.5, [NaN, Infinity]),
    plain(
      'fillValue',
      [1, 2, 3],
      [
        [1, 2],
        [1, 2, 3, 4],
        ['nonsense', 1, 2],
      ],
      'optional',
    ),
    plain('center', 0.5, [NaN, [0.5], [0.5, 0.5, 0.5], ['nonsense', 0.5], [NaN, 0.5]], 'optional'),
  ],
  'image.transform': [
    image([4], [2, 4, 3, 3], [2, 0, 3, 3]),
    tensor('transforms', [2, 8], {
      ranks: [2],
      shapes: [
        [2, 7],
        [3, 8],
      ],
    }),
    choice('interpolation', 'nearest'),
    choice('fillMode', 'constant'),
    number('fillValue', 0, anyNumber, 'optional'),
    size('outputShape', 'nullable'),
  ],
};

const toPixels: readonly Argument[] = [
  tensor('img', [2, 2, 3], {
    dtypes: ['float32', 'int32'],
    ranks: [2, 3],
    shapes: [[2, 2, 2]],
  }),
  plain('canvas', undefined, [{ width: 1, height: 1 }], 'nullable'),
];
/** Ops that are about pixels of a page. */
export const pixelRows: Rows = { toPixels, 'browser.toPixels': toPixels };
