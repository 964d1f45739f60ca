import type * as dl from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import type { DifferentiableFunction } from '../gradient-check';
import { sample } from '../reference';
import { distinct, type GradientRows } from './row';

const image = sample([2, 5, 5, 2], 1);
const filter = sample([3, 3, 2, 3], 2, -1, 1);
const conv =
  (
    ...rest: [number | [number, number], dl.Padding, dl.DataFormat?, (number | [number, number])?]
  ): DifferentiableFunction =>
  (x, w) =>
    ops.conv2d(x, w, ...rest);

/** Layers. */
export const neuralRows: GradientRows = {
  conv2d: { f: conv(1, 'same'), at: [image, filter] },
  'conv2d, strided': { op: 'conv2d', f: conv([2, 1], 'valid'), at: [image, filter] },
  'conv2d, dilated': { op: 'conv2d', f: conv(1, 'same', 'NHWC', 2), at: [image, filter] },
  'conv2d, padded by pairs, NCHW': {
    op: 'conv2d',
    f: conv(
      1,
      [
        [0, 0],
        [1, 0],
        [0, 2],
        [0, 0],
      ],
      'NCHW',
    ),
    at: [sample([1, 2, 4, 5], 1), filter],
  },
  'conv2d, 1 × 1': {
    op: 'conv2d',
    f: conv(1, 'same'),
    at: [sample([2, 3, 3, 2], 1), sample([1, 1, 2, 3], 2)],
  },
  conv2dTranspose: {
    f: (x, w) => ops.conv2dTranspose(x, w, [1, 4, 4, 2], 2, 'same'),
    at: [sample([1, 2, 2, 3], 1), sample([3, 3, 2, 3], 2)],
  },
  conv1d: {
    f: (x, w) => ops.conv1d(x, w, 2, 'same'),
    at: [sample([2, 5, 2], 1), sample([3, 2, 2], 2)],
  },
  depthwiseConv2d: {
    f: (x, w) => ops.depthwiseConv2d(x, w, 1, 'same'),
    at: [sample([2, 4, 4, 2], 1), sample([3, 2, 2, 2], 2)],
  },
  'depthwiseConv2d, strided': {
    op: 'depthwiseConv2d',
    f: (x, w) => ops.depthwiseConv2d(x, w, [2, 1], 'valid'),
    at: [image, sample([3, 2, 2, 1], 2)],
  },
  separableConv2d: {
    f: (x, w, m) => ops.separableConv2d(x, w, m, 1, 'valid'),
    at: [sample([1, 4, 4, 2], 1), sample([2, 2, 2, 2], 2), sample([1, 1, 4, 3], 3)],
  },
  minPool: {
    f: (x) => ops.minPool(x, 2, 2, 'valid'),
    at: [distinct([1, 4, 4, 2])],
  },
  'pool, max': {
    op: 'pool',
    f: (x) => ops.pool(x, 2, 'max', 'valid', 2),
    at: [distinct([1, 4, 4, 1])],
  },
  'pool, avg': {
    op: 'pool',
    f: (x) => ops.pool(x, 2, 'avg', 'same', 2),
    at: [sample([1, 4, 4, 1])],
  },
  maxPoolWithArgmax: {
    f: (x) => ops.maxPoolWithArgmax(x, 2, 2, 'valid').result,
    at: [distinct([1, 4, 4, 2])],
  },
  maxPool: {
    f: (x) => ops.maxPool(x, 2, 2, 'same'),
    at: [distinct([1, 5, 4, 2])],
  },
  'maxPool, overlapping': {
    op: 'maxPool',
    f: (x) => ops.maxPool(x, 3, 1, 'same').square(),
    at: [distinct([1, 4, 4, 1])],
  },
  avgPool: {
    f: (x) => ops.avgPool(x, [3, 2], [2, 1], 'same').square(),
    at: [sample([1, 5, 4, 2])],
  },
  batchNorm: {
    f: (x, mean, variance, offset, scale) => ops.batchNorm(x, mean, variance, offset, scale),
    at: [sample([3, 2], 1), sample([2], 2), sample([2], 3, 0.5, 2), sample([2], 4), sample([2], 5)],
  },
  'batchNorm with the statistics of the batch': {
    op: 'batchNorm',
    f: (x) => {
      const { mean, variance } = ops.moments(x, 0);
      return ops.batchNorm(x, mean, variance);
    },
    at: [sample([4, 2], 1)],
  },
  localResponseNormalization: {
    f: (x) => ops.localResponseNormalization(x, 1, 1, 0.5, 0.75),
    at: [sample([1, 2, 2, 4])],
  },
  dropout: { f: (x) => ops.dropout(x, 0.4, null, 3), at: [sample([3, 4])] },
  movingAverage: {
    f: (v, x, decay) => ops.movingAverage(v, x, decay, null, false),
    at: [sample([3], 1), sample([3], 2), 0.75],
  },
  basicLSTMCell: {
    f: (kernel, bias, data, c, h) => ops.concat(ops.basicLSTMCell(1, kernel, bias, data, c, h), 1),
    at: [
      sample([5, 8], 1, -1, 1),
      sample([8], 2, -1, 1),
      sample([2, 3], 3),
      sample([2, 2], 4),
      sample([2, 2], 5),
    ],
  },
  multiRNNCell: {
    f: (kernel, data, c, h) => {
      const cell = (x: dl.Tensor2D, state: dl.Tensor2D, output: dl.Tensor2D): [dl.Tensor2D, dl.Tensor2D] =>
        ops.basicLSTMCell(1, kernel, new Float32Array(8), x, state, output);
      const [states, outputs] = ops.multiRNNCell([cell, cell], data, [c, c], [h, h]);
      return ops.concat([...states, ...outputs], 1);
    },
    at: [sample([4, 8], 1, -1, 1), sample([1, 2], 3), sample([1, 2], 4), sample([1, 2], 5)],
  },
  'fused.matMul': {
    f: (a, b, bias) => ops.fused.matMul({ a, b, bias, activation: 'sigmoid' }),
    at: [sample([2, 3], 1), sample([3, 2], 2), sample([2], 3)],
  },
  'fused.matMul, elu, transposed': {
    op: 'fused.matMul',
    f: (a, b, bias) =>
      ops.fused.matMul({ a, b, bias, transposeA: true, transposeB: true, activation: 'elu' }),
    at: [sample([3, 2], 1), sample([4, 3], 2), sample([4], 3)],
  },
  'fused.conv2d': {
    f: (x, w, bias) =>
      ops.fused.conv2d({ x, filter: w, strides: 1, pad: 'same', bias, activation: 'sigmoid' }),
    at: [sample([1, 3, 3, 2], 1), sample([2, 2, 2, 2], 2, -1, 1), sample([2], 3)],
  },
  'fused.depthwiseConv2d': {
    f: (x, w, bias) =>
      ops.fused.depthwiseConv2d({ x, filter: w, strides: 1, pad: 'valid', bias, activation: 'sigmoid' }),
    at: [sample([1, 3, 3, 2], 1), sample([2, 2, 2, 1], 2, -1, 1), sample([2], 3)],
  },
};
