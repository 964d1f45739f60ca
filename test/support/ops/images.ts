import type { Tensor3D, Tensor4D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import { choice, flag, number, plain, tensor, type Argument } from '../wrong-arguments/argument';
import { callsOf, noGradient, type Family } from './description';
import { places } from './inputs';
import { keepsImageRank, gives } from './result-rank';

const { image } = ops;
const anyNumber = 'any number';
const pictures = (ranks: readonly number[], shape: readonly number[], ...shapes: number[][]): Argument =>
  tensor('image', shape, { ranks, ...(shapes.length > 0 ? { shapes } : {}) });
const size = (name: string, presence: 'required' | 'optional' = 'required'): Argument =>
  plain(name, [2, 2], [[0, 2], [-1, 2], [0.5, 2], [NaN, 2], [2], [2, 2, 2], ['nonsense', 2]], presence);
const resizing: readonly Argument[] = [
  tensor('images', [1, 3, 3, 2], { ranks: [3, 4], shapes: [[1, 0, 3, 2]] }),
  size('size'),
  flag('alignCorners'),
  flag('halfPixelCenters'),
];

const boxes: number[][] = [
  [0.1, 0.2, 0.9, 0.7],
  [1.2, -0.1, 0, 0.8],
];
const skew = [[0.9, 0.2, 0.3, -0.1, 1.1, 0.2, 0, 0]];
const projection = [[0.9, 0.2, 0.3, -0.1, 1.1, 0.2, 0.02, 0.03]];

/** Descriptions of the ops of `image`. */
export const images = {
  'image.resizeBilinear': {
    args: resizing,
    rank: keepsImageRank(ops.image.resizeBilinear),
    gradient: {
      'resizeBilinear, larger': {
        f: (x) => image.resizeBilinear(x, [5, 7]).square(),
        at: [sample([2, 3, 4, 2])],
      },
      'resizeBilinear, smaller': {
        f: (x) => image.resizeBilinear(x, [3, 2], false, true),
        at: [sample([5, 4, 4])],
      },
      'resizeBilinear, half-pixel centers': {
        f: (x) => image.resizeBilinear(x, [7, 5], false, true),
        at: [sample([1, 3, 3, 1])],
      },
      'resizeBilinear, aligned corners': {
        f: (x) => image.resizeBilinear(x, [4, 1], true),
        at: [sample([1, 3, 3, 1])],
      },
    },
  },
  'image.resizeNearestNeighbor': {
    args: resizing,
    rank: keepsImageRank(ops.image.resizeNearestNeighbor),
    gradient: {
      'resizeNearestNeighbor, larger': {
        f: (x) => image.resizeNearestNeighbor(x, [5, 7]).square(),
        at: [sample([2, 3, 4, 2])],
      },
      'resizeNearestNeighbor, aligned corners': {
        f: (x) => image.resizeNearestNeighbor(x, [4, 2], true),
        at: [sample([1, 3, 5, 4])],
      },
      'resizeNearestNeighbor, half-pixel centers': {
        f: (x) => image.resizeNearestNeighbor(x, [2, 6], false, true),
        at: [sample([5, 4, 1])],
      },
    },
  },
  'image.cropAndResize': {
    args: [
      pictures([4], [2, 4, 3, 2], [2, 0, 3, 2]),
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
    rank: gives<Tensor4D>(ops.image.cropAndResize),
    gradient: {
      cropAndResize: {
        f: (x) => image.cropAndResize(x, boxes, places([1, 0]), [4, 3], 'bilinear', 7).square(),
        at: [sample([2, 4, 3, 2])],
      },
      'cropAndResize to one row': {
        f: (x) => image.cropAndResize(x, boxes, places([0, 0]), [1, 3], 'nearest'),
        at: [sample([1, 4, 3, 4])],
      },
    },
  },
  'image.flipLeftRight': {
    args: [pictures([4], [2, 4, 3, 2])],
    rank: keepsImageRank(ops.image.flipLeftRight),
    gradient: { flipLeftRight: { f: (x) => image.flipLeftRight(x), at: [sample([1, 2, 3, 2])] } },
  },
  'image.grayscaleToRGB': {
    args: [pictures([2, 3, 4, 5, 6], [2, 2, 1], [2, 2, 3])],
    rank: keepsImageRank(ops.image.grayscaleToRGB),
    gradient: { grayscaleToRGB: { f: (x) => image.grayscaleToRGB(x), at: [sample([2, 2, 1])] } },
  },
  'image.rgbToGrayscale': {
    args: [pictures([2, 3, 4, 5, 6], [2, 2, 3], [2, 2, 1])],
    rank: keepsImageRank(ops.image.rgbToGrayscale),
    gradient: { rgbToGrayscale: { f: (x) => image.rgbToGrayscale(x), at: [sample([2, 2, 3])] } },
  },
  'image.rotateWithOffset': {
    args: [
      pictures([4], [2, 4, 3, 3], [2, 0, 3, 3]),
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
    rank: gives<Tensor4D>(ops.image.rotateWithOffset),
    gradient: {
      rotateWithOffset: { f: (x) => image.rotateWithOffset(x, 0.7, [1, 2, 3]), at: [sample([2, 5, 4, 3])] },
    },
  },
  'image.transform': {
    args: [
      pictures([4], [2, 4, 3, 3], [2, 0, 3, 3]),
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
      size('outputShape', 'optional'),
    ],
    rank: gives<Tensor4D>(ops.image.transform),
    gradient: {
      transform: {
        f: (x) => image.transform(x, skew, 'bilinear', 'constant', 2, [5, 6]).square(),
        at: [sample([2, 4, 5, 1])],
      },
      'transform, mirrored outside': {
        f: (x) => image.transform(x, projection, 'bilinear', 'reflect', 0, [6, 8]),
        at: [sample([1, 3, 4, 4])],
      },
      'transform, repeated outside': {
        f: (x) => image.transform(x, projection, 'bilinear', 'wrap', 0, [6, 8]),
        at: [sample([1, 3, 4, 4])],
      },
      'transform of one pixel, repeated outside': {
        f: (x) => image.transform(x, projection, 'bilinear', 'wrap', 0, [2, 3]),
        at: [sample([1, 1, 2, 1])],
      },
    },
    sample: {
      int32: () =>
        image.transform(
          places([1, 2, 3, 4, 5, 6]).reshape([1, 2, 3, 1]),
          [[1, 0, 1, 0, 1, 0, 0, 0]],
          'bilinear',
        ),
    },
  },
  'image.threshold': {
    args: [
      tensor('image', [2, 2, 3], { ranks: [3], shapes: [[2, 2, 2]] }),
      choice('method', 'binary'),
      flag('inverted'),
      number('threshValue', 0.5, [NaN, -0.1, 1.1], 'optional'),
    ],
    rank: gives<Tensor3D>(ops.image.threshold),
    gradient: noGradient.countsPlaces,
    sample: callsOf((x) => image.threshold(x, 'otsu'), [sample([2, 3, 1], 1, 0, 255)]),
  },
} satisfies Family;
