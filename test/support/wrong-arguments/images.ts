import { choice, flag, number, plain, tensor, type Argument, type Rows } from './argument';

const anyNumber = 'any number';
const image = (ranks: readonly number[], shape: readonly number[], ...shapes: number[][]): Argument =>
  tensor('image', shape, { ranks, ...(shapes.length > 0 ? { shapes } : {}) });
const size = (name: string, presence: 'required' | 'optional' = 'required'): Argument =>
  plain(name, [2, 2], [[0, 2], [-1, 2], [0.5, 2], [NaN, 2], [2], [2, 2, 2], ['nonsense', 2]], presence);
const resizing: readonly Argument[] = [
  tensor('images', [1, 3, 3, 2], { ranks: [3, 4], shapes: [[1, 0, 3, 2]] }),
  size('size'),
  flag('alignCorners'),
  flag('halfPixelCenters'),
];

/** Images as tensors. */
export const imageRows: Rows = {
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
    size('outputShape', 'optional'),
  ],
};

const toPixels: readonly Argument[] = [
  tensor('img', [2, 2, 3], {
    dtypes: ['float32', 'int32'],
    ranks: [2, 3],
    shapes: [[2, 2, 2]],
  }),
  plain('canvas', undefined, [{ width: 1, height: 1 }], 'optional'),
];
/** Ops that are about pixels of a page. */
export const pixelRows: Rows = { toPixels, 'browser.toPixels': toPixels };
