import type { Rank, Padding, DataFormat } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import type { DifferentiableFunction } from '../gradient-check';
import { sample } from '../reference';
import {
  choice,
  extents,
  flag,
  integer,
  number,
  pairOrNumber,
  tensor,
  type Argument,
  type Row,
} from '../wrong-arguments/argument';
import { noMethod, type Family } from './description';
import { layer } from './nan-decisions';
import { keepsRank, keepsImageRank, namedByCaller } from './result-rank';
import { dilations, pad, rounding, strides } from './window-arguments';
import { matrices } from './products';

const anyNumber = 'any number';
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

const fusion: readonly Argument[] = [
  tensor('bias', [3], { shapes: [[2], [3, 1, 1, 1, 3]], presence: 'optional' }),
  choice('activation', 'relu'),
  tensor('preluActivationWeights', [3], { shapes: [[2]], presence: 'optional' }),
  number('leakyreluAlpha', 0.2, anyNumber, 'optional'),
];
/** A row whose arguments are passed as the properties of one object. */
function ofRecord(...args: Argument[]): Row {
  return {
    args,
    call: (f, ...values) => f(Object.fromEntries(args.map(({ name }, i) => [name, values[i]]))),
  };
}

const photos = sample([2, 5, 5, 2], 1);
const kernel = sample([3, 3, 2, 3], 2, -1, 1);
const conv =
  (
    ...rest: [number | [number, number], Padding, DataFormat?, (number | [number, number])?]
  ): DifferentiableFunction =>
  (x, w) =>
    ops.conv2d(x, w, ...rest);

/** Descriptions of convolutions and fused products. */
export const convolutions = {
  conv2d: {
    args: convolution,
    rank: keepsImageRank(ops.conv2d),
    gradient: {
      conv2d: { f: conv(1, 'same'), at: [photos, kernel] },
      'conv2d, strided': { f: conv([2, 1], 'valid'), at: [photos, kernel], nan: layer },
      'conv2d, dilated': { f: conv(1, 'same', 'NHWC', 2), at: [photos, kernel] },
      'conv2d, padded by pairs, NCHW': {
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
        at: [sample([1, 2, 4, 5], 1), kernel],
        nan: layer,
      },
      'conv2d, 1 × 1': { f: conv(1, 'same'), at: [sample([2, 3, 3, 2], 1), sample([1, 1, 2, 3], 2)] },
    },
  },
  depthwiseConv2d: {
    args: convolution,
    rank: keepsImageRank(ops.depthwiseConv2d),
    gradient: {
      depthwiseConv2d: {
        f: (x, w) => ops.depthwiseConv2d(x, w, 1, 'same'),
        at: [sample([2, 4, 4, 2], 1), sample([3, 2, 2, 2], 2)],
      },
      'depthwiseConv2d, strided': {
        f: (x, w) => ops.depthwiseConv2d(x, w, [2, 1], 'valid'),
        at: [photos, sample([3, 2, 2, 1], 2)],
      },
    },
  },
  conv1d: {
    args: [
      tensor('x', [2, 5, 2], { ranks: [2, 3], shapes: [[2, 5, 3]] }),
      tensor('filter', [3, 2, 3], { ranks: [3], shapes: [[3, 3, 3]] }),
      integer('stride', 1, { least: 1 }),
      pad,
      choice('dataFormat', 'NWC'),
      integer('dilation', 1, { least: 1, presence: 'optional' }),
      rounding,
    ],
    rank: keepsRank(ops.conv1d),
    gradient: { f: (x, w) => ops.conv1d(x, w, 2, 'same'), at: [sample([2, 5, 2], 1), sample([3, 2, 2], 2)] },
  },
  conv2dTranspose: {
    args: [
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
    rank: keepsImageRank(ops.conv2dTranspose),
    gradient: {
      f: (x, w) => ops.conv2dTranspose(x, w, [1, 4, 4, 2], 2, 'same'),
      at: [sample([1, 2, 2, 3], 1), sample([3, 3, 2, 3], 2)],
      nan: layer,
    },
    sample: {
      empty: () =>
        ops.conv2dTranspose(
          ops.zeros<Rank.R4>([0, 2, 2, 3]),
          ops.ones([3, 3, 2, 3]),
          [0, 4, 4, 2],
          2,
          'same',
        ),
    },
  },
  separableConv2d: {
    args: [
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
    rank: keepsImageRank(ops.separableConv2d),
    gradient: {
      f: (x, w, m) => ops.separableConv2d(x, w, m, 1, 'valid'),
      at: [sample([1, 4, 4, 2], 1), sample([2, 2, 2, 2], 2), sample([1, 1, 4, 3], 3)],
      nan: layer,
    },
  },
  'fused.matMul': {
    ...ofRecord(
      ...matrices('a', 'b'),
      flag('transposeA'),
      flag('transposeB'),
      tensor('bias', [4], { shapes: [[3], [3, 1]], presence: 'optional' }),
      ...fusion.slice(1, 2),
      tensor('preluActivationWeights', [4], { shapes: [[3]], presence: 'optional' }),
      ...fusion.slice(3),
    ),
    rank: namedByCaller('the larger operand'),
    noMethod: noMethod.ofGroup('fused'),
    gradient: {
      'fused.matMul': {
        f: (a, b, bias) => ops.fused.matMul({ a, b, bias, activation: 'sigmoid' }),
        at: [sample([2, 3], 1), sample([3, 2], 2), sample([2], 3)],
        nan: layer,
      },
      'fused.matMul, elu, transposed': {
        f: (a, b, bias) =>
          ops.fused.matMul({ a, b, bias, transposeA: true, transposeB: true, activation: 'elu' }),
        at: [sample([3, 2], 1), sample([4, 3], 2), sample([4], 3)],
        nan: layer,
      },
    },
  },
  'fused.conv2d': {
    ...ofRecord(...convolution, ...fusion),
    rank: namedByCaller('the larger operand'),
    noMethod: noMethod.ofGroup('fused'),
    gradient: {
      f: (x, w, bias) =>
        ops.fused.conv2d({ x, filter: w, strides: 1, pad: 'same', bias, activation: 'sigmoid' }),
      at: [sample([1, 3, 3, 2], 1), sample([2, 2, 2, 2], 2, -1, 1), sample([2], 3)],
      nan: layer,
    },
  },
  'fused.depthwiseConv2d': {
    ...ofRecord(
      x,
      tensor('filter', [3, 3, 2, 2], { ranks: [4], shapes: [[3, 3, 3, 2]] }),
      ...convolution.slice(2),
      tensor('bias', [4], { shapes: [[3]], presence: 'optional' }),
      choice('activation', 'relu'),
      tensor('preluActivationWeights', [4], { shapes: [[3]], presence: 'optional' }),
      number('leakyreluAlpha', 0.2, anyNumber, 'optional'),
    ),
    rank: namedByCaller('the larger operand'),
    noMethod: noMethod.ofGroup('fused'),
    gradient: {
      f: (x, w, bias) =>
        ops.fused.depthwiseConv2d({ x, filter: w, strides: 1, pad: 'valid', bias, activation: 'sigmoid' }),
      at: [sample([1, 3, 3, 2], 1), sample([2, 2, 2, 1], 2, -1, 1), sample([2], 3)],
      nan: layer,
    },
  },
} satisfies Family;
