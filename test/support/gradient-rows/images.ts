import * as dl from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import type { GradientRows } from './row';

const { image } = ops;
const boxes: number[][] = [
  [0.1, 0.2, 0.9, 0.7],
  [1.2, -0.1, 0, 0.8],
];
const skew = [[0.9, 0.2, 0.3, -0.1, 1.1, 0.2, 0, 0]];
const projection = [[0.9, 0.2, 0.3, -0.1, 1.1, 0.2, 0.02, 0.03]];

/** The ops of `image`. */
export const imagesRows: GradientRows = {
  'resizeBilinear, larger': {
    op: 'image.resizeBilinear',
    f: (x) => image.resizeBilinear(x, [5, 7]).square(),
    at: [sample([2, 3, 4, 2])],
  },
  'resizeBilinear, smaller': {
    op: 'image.resizeBilinear',
    f: (x) => image.resizeBilinear(x, [3, 2], false, true),
    at: [sample([5, 4, 4])],
  },
  'resizeBilinear, half-pixel centers': {
    op: 'image.resizeBilinear',
    f: (x) => image.resizeBilinear(x, [7, 5], false, true),
    at: [sample([1, 3, 3, 1])],
  },
  'resizeBilinear, aligned corners': {
    op: 'image.resizeBilinear',
    f: (x) => image.resizeBilinear(x, [4, 1], true),
    at: [sample([1, 3, 3, 1])],
  },
  'resizeNearestNeighbor, larger': {
    op: 'image.resizeNearestNeighbor',
    f: (x) => image.resizeNearestNeighbor(x, [5, 7]).square(),
    at: [sample([2, 3, 4, 2])],
  },
  'resizeNearestNeighbor, aligned corners': {
    op: 'image.resizeNearestNeighbor',
    f: (x) => image.resizeNearestNeighbor(x, [4, 2], true),
    at: [sample([1, 3, 5, 4])],
  },
  'resizeNearestNeighbor, half-pixel centers': {
    op: 'image.resizeNearestNeighbor',
    f: (x) => image.resizeNearestNeighbor(x, [2, 6], false, true),
    at: [sample([5, 4, 1])],
  },
  cropAndResize: {
    op: 'image.cropAndResize',
    f: (x) => image.cropAndResize(x, boxes, dl.tensor1d([1, 0], 'int32'), [4, 3], 'bilinear', 7).square(),
    at: [sample([2, 4, 3, 2])],
  },
  'cropAndResize to one row': {
    op: 'image.cropAndResize',
    f: (x) => image.cropAndResize(x, boxes, dl.tensor1d([0, 0], 'int32'), [1, 3], 'nearest'),
    at: [sample([1, 4, 3, 4])],
  },
  rotateWithOffset: {
    op: 'image.rotateWithOffset',
    f: (x) => image.rotateWithOffset(x, 0.7, [1, 2, 3]),
    at: [sample([2, 5, 4, 3])],
  },
  transform: {
    op: 'image.transform',
    f: (x) => image.transform(x, skew, 'bilinear', 'constant', 2, [5, 6]).square(),
    at: [sample([2, 4, 5, 1])],
  },
  'transform, mirrored outside': {
    op: 'image.transform',
    f: (x) => image.transform(x, projection, 'bilinear', 'reflect', 0, [6, 8]),
    at: [sample([1, 3, 4, 4])],
  },
  'transform, repeated outside': {
    op: 'image.transform',
    f: (x) => image.transform(x, projection, 'bilinear', 'wrap', 0, [6, 8]),
    at: [sample([1, 3, 4, 4])],
  },
  'transform of one pixel, repeated outside': {
    op: 'image.transform',
    f: (x) => image.transform(x, projection, 'bilinear', 'wrap', 0, [2, 3]),
    at: [sample([1, 1, 2, 1])],
  },
  flipLeftRight: {
    op: 'image.flipLeftRight',
    f: (x) => image.flipLeftRight(x),
    at: [sample([1, 2, 3, 2])],
  },
  grayscaleToRGB: {
    op: 'image.grayscaleToRGB',
    f: (x) => image.grayscaleToRGB(x),
    at: [sample([2, 2, 1])],
  },
  rgbToGrayscale: {
    op: 'image.rgbToGrayscale',
    f: (x) => image.rgbToGrayscale(x),
    at: [sample([2, 2, 3])],
  },
};
