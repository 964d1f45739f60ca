import type { Tensor, Tensor2D, Tensor4D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import {
  axes,
  axis,
  beside,
  choice,
  extents,
  integer,
  number,
  plain,
  tensor,
  tensors,
} from '../wrong-arguments/argument';
import { type Family } from './description';
import { noRows, none } from './inputs';
import { pairs } from './pairs';
import { from, gives, keepsRank, lengthOfShape, namedByCaller, notKnown } from './result-rank';

const anyNumber = 'any number';
const x = tensor('x', [2, 3]);
const some = [1, 0];

/** Descriptions of ops that move, cut, repeat and join elements. */
export const shaping = {
  reshape: {
    args: [x, extents('shape', [3, 2], [[4], [-1, -1], [-1, 4], [7]])],
    rank: lengthOfShape,
    gradient: { f: (x) => ops.reshape(x, [3, 2]), at: [sample([2, 3])] },
    sample: { empty: () => ops.reshape(noRows(), [2, 0]) },
  },
  expandDims: {
    args: [x, axis('axis', 0, 3)],
    rank: namedByCaller('axes'),
    gradient: { f: (x) => ops.expandDims(x, 1), at: [sample([2, 3])] },
  },
  squeeze: {
    args: [tensor('x', [1, 3]), plain('axis', 0, [NaN, 0.5, 2, -3, 1, [1], [0, 0]], 'optional')],
    rank: namedByCaller('axes'),
    gradient: { f: (x) => ops.squeeze(x), at: [sample([2, 1, 3])] },
  },
  broadcastTo: {
    args: [tensor('x', [2, 3], { shapes: [[2, 2]] }), extents('shape', [2, 3], [[3], [2, 4], [3, 2]])],
    rank: lengthOfShape,
    gradient: { f: (x) => ops.broadcastTo(x, [2, 3, 4]).square(), at: [sample([3, 1])] },
    sample: { empty: () => ops.broadcastTo(ops.zeros([1, 3]), [0, 3]) },
  },
  ensureShape: {
    args: [
      tensor('x', [2, 3], { ranks: [2], shapes: [[3, 2]] }),
      plain(
        'shape',
        [2, null],
        [
          [2, -3],
          [0.5, 3],
          ['nonsense', 3],
        ],
      ),
    ],
    rank: lengthOfShape,
    gradient: { f: (x) => ops.ensureShape(x, [2, null]), at: [sample([2, 3])] },
    sample: { empty: () => ops.ensureShape(noRows(), [0, null]) },
  },
  tile: {
    args: [x, extents('reps', [2, 1], [[1], [1, 2, 3], [-1, 1]])],
    rank: keepsRank(ops.tile),
    gradient: {
      tile: { f: (x) => ops.tile(x, [2, 1, 3]).square(), at: [sample([2, 2, 2])] },
      'tile of rank 5': { f: (x) => ops.tile(x, [2, 1, 2, 1, 2]), at: [sample([1, 2, 2, 1, 2])] },
    },
  },
  transpose: {
    args: [x, plain('perm', [1, 0], [[0], [0, 0], [0, 2], [0, 0.5], [0, NaN], [0, 1, 2]], 'optional')],
    rank: keepsRank(ops.transpose),
    gradient: { f: (x) => ops.transpose(x, [2, 0, 1]).square(), at: [sample([2, 3, 2])] },
  },
  reverse: {
    args: [x, axes('axis', 2)],
    rank: keepsRank(ops.reverse),
    gradient: { f: (x) => ops.reverse(x, [0, 2]), at: [sample([2, 2, 3])] },
  },
  concat: {
    args: [tensors('tensors', [2, 3], { ranks: [2], shapes: [[3, 2]] }), axis('axis', 0, 2)],
    rank: namedByCaller('the larger operand'),
    gradient: { f: (x, y) => ops.concat([x, y, x], 1), at: [sample([2, 2], 1), sample([2, 3], 2)] },
    sample: { empty: () => ops.concat([noRows(), noRows()]) },
  },
  stack: {
    args: [tensors('tensors', [2, 3], { dtypes: ['float32'], shapes: [[3, 2]] }), axis('axis', 0, 3)],
    rank: notKnown('the rank of the input, and the types do not compute ranks'),
    gradient: { f: (x, y) => ops.stack([x, y], 1), at: [sample([2, 2], 1), sample([2, 2], 2)] },
  },
  unstack: {
    args: [beside(tensor('x', [2, 3], { ranks: [1, 2, 3, 4, 5, 6] }), 'axis'), axis('axis', 0, 2)],
    rank: namedByCaller('axes'),
    gradient: { f: (x) => ops.mul(...(ops.unstack(x, 1) as [Tensor, Tensor])), at: [sample([3, 2])] },
  },
  split: {
    args: [
      beside(tensor('x', [2, 4], { ranks: [1, 2, 3, 4, 5, 6] }), 'axis'),
      plain('numOrSizeSplits', 2, [0, -1, 3, 0.5, NaN, [1], [1, 2], [-1, -1], [0.5, 1.5], ['nonsense']]),
      axis('axis', 0, 2),
    ],
    rank: from<Tensor2D, Tensor2D[]>(ops.split),
    gradient: { f: (x) => ops.mul(...(ops.split(x, 2, 1) as [Tensor, Tensor])), at: [sample([2, 4])] },
  },
  slice: {
    args: [
      tensor('x', [2, 3], { ranks: [1, 2, 3, 4, 5, 6] }),
      plain('begin', [1, 0], [-1, 3, NaN, 0.5, [0, -1], [0, 4], [0, 0, 0], ['nonsense'], [null]]),
      plain('size', [1, 2], [-2, 3, NaN, 0.5, [1, -2], [1, 4], [1, 1, 1], ['nonsense']], 'optional'),
    ],
    rank: keepsRank(ops.slice),
    gradient: { f: (x) => ops.slice(x, [1, 0, 1], [1, 2, 2]).square(), at: [sample([2, 3, 4])] },
    sample: { empty: () => ops.slice(noRows(), [0, 1], [0, 2]) },
  },
  pad: {
    args: [x, pairs('paddings', [some, none]), number('constantValue', 0, anyNumber, 'optional')],
    rank: keepsRank(ops.pad),
    gradient: {
      f: (x) =>
        ops
          .pad(
            x,
            [
              [1, 0],
              [0, 2],
            ],
            3,
          )
          .square(),
      at: [sample([2, 3])],
    },
  },
  mirrorPad: {
    args: [x, pairs('paddings', [some, none]), choice('mode', 'reflect', 'required')],
    rank: keepsRank(ops.mirrorPad),
    gradient: {
      'mirrorPad, reflect': {
        f: (x) =>
          ops
            .mirrorPad(
              x,
              [
                [1, 1],
                [2, 0],
              ],
              'reflect',
            )
            .square(),
        at: [sample([2, 3])],
      },
      'mirrorPad, symmetric': {
        f: (x) =>
          ops.mirrorPad(
            x,
            [
              [1, 2],
              [0, 3],
            ],
            'symmetric',
          ),
        at: [sample([2, 3])],
      },
    },
    sample: {
      empty: () =>
        ops.mirrorPad(
          noRows(),
          [
            [0, 0],
            [1, 1],
          ],
          'symmetric',
        ),
    },
  },
  diag: {
    args: [tensor('x', [3], { ranks: [1, 2, 3, 4, 5, 6] })],
    rank: notKnown('the rank of the input, and the types do not compute ranks'),
    gradient: { f: (x) => ops.diag(x), at: [sample([3])] },
  },
  stridedSlice: {
    args: [
      beside(tensor('x', [2, 3], { ranks: [2, 3, 4, 5, 6] }), 'begin'),
      plain('begin', [0, 0], [[0], [0, 0, 0], [0.5, 0], [NaN, 0], ['nonsense', 0]]),
      plain('end', [1, 3], [[1], [1, 1, 1], [0.5, 1], [NaN, 1], ['nonsense', 0]]),
      plain('strides', [1, 1], [[1], [1, 1, 1], [0, 1], [0.5, 1], [NaN, 1]], 'optional'),
      integer('beginMask', 0, { least: 0, presence: 'optional' }),
      integer('endMask', 0, { least: 0, presence: 'optional' }),
      number('ellipsisMask', 0, [NaN, 0.5, -1, 3], 'optional'),
      integer('newAxisMask', 0, { least: 0, presence: 'optional' }),
      integer('shrinkAxisMask', 0, { least: 0, presence: 'optional' }),
    ],
    rank: notKnown('the masks'),
    gradient: {
      f: (x) => ops.stridedSlice(x, [0, 4, 1], [2, 0, 2], [1, -2, 1], 0, 0, 0, 0, 4).square(),
      at: [sample([2, 5, 3])],
    },
  },
  batchToSpaceND: {
    args: [
      tensor('x', [4, 2, 3], { ranks: [2, 3, 4, 5, 6], shapes: [[3, 2, 3]] }),
      extents('blockShape', [2], [[0], [3], [1, 1, 1]]),
      pairs('crops', [[1, 0]]),
    ],
    rank: keepsRank(ops.batchToSpaceND),
    gradient: { f: (x) => ops.batchToSpaceND(x, [2, 2], [none, [1, 0]]), at: [sample([4, 1, 2, 3])] },
  },
  spaceToBatchND: {
    args: [
      tensor('x', [2, 4, 3], { ranks: [2, 3, 4, 5, 6], shapes: [[2, 3, 3]] }),
      extents('blockShape', [2], [[0], [5], [1, 1, 1]]),
      pairs('paddings', [[2, 0]]),
    ],
    rank: keepsRank(ops.spaceToBatchND),
    gradient: { f: (x) => ops.spaceToBatchND(x, [2, 2], [none, [1, 0]]), at: [sample([1, 2, 3, 2])] },
  },
  depthToSpace: {
    args: [
      tensor('x', [1, 2, 2, 4], { ranks: [4], shapes: [[1, 2, 2, 3]] }),
      number('blockSize', 2, [NaN, 0, -1, 0.5, 3]),
      choice('dataFormat', 'NHWC'),
    ],
    rank: gives<Tensor4D>(ops.depthToSpace),
    gradient: { f: (x) => ops.depthToSpace(x, 2), at: [sample([1, 2, 1, 8])] },
  },
  meshgrid: {
    args: [
      tensor('x', [2], { presence: 'optional' }),
      tensor('y', [3], { presence: 'optional' }),
      plain('options', 'ij', [{ indexing: 'nonsense' }, { indexing: 5 }], 'optional'),
    ],
    rank: gives<Tensor2D[]>(ops.meshgrid),
    gradient: {
      f: (x, y) => ops.mul(...(ops.meshgrid(x, y) as [Tensor, Tensor])),
      at: [sample([3], 1), sample([2], 2)],
    },
  },
} satisfies Family;
