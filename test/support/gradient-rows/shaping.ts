import * as dl from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import type { GradientRows } from './row';

const indices = (...values: number[]): dl.Tensor => dl.tensor1d(values, 'int32');
/** Ops that move elements. */
export const shapingRows: GradientRows = {
  concat: {
    f: (x, y) => ops.concat([x, y, x], 1),
    at: [sample([2, 2], 1), sample([2, 3], 2)],
  },
  stack: { f: (x, y) => ops.stack([x, y], 1), at: [sample([2, 2], 1), sample([2, 2], 2)] },
  unstack: { f: (x) => ops.mul(...(ops.unstack(x, 1) as [dl.Tensor, dl.Tensor])), at: [sample([3, 2])] },
  split: { f: (x) => ops.mul(...(ops.split(x, 2, 1) as [dl.Tensor, dl.Tensor])), at: [sample([2, 4])] },
  slice: { f: (x) => ops.slice(x, [1, 0, 1], [1, 2, 2]).square(), at: [sample([2, 3, 4])] },
  reverse: { f: (x) => ops.reverse(x, [0, 2]), at: [sample([2, 2, 3])] },
  reshape: { f: (x) => ops.reshape(x, [3, 2]), at: [sample([2, 3])] },
  expandDims: { f: (x) => ops.expandDims(x, 1), at: [sample([2, 3])] },
  squeeze: { f: (x) => ops.squeeze(x), at: [sample([2, 1, 3])] },
  broadcastTo: { f: (x) => ops.broadcastTo(x, [2, 3, 4]).square(), at: [sample([3, 1])] },
  tile: { f: (x) => ops.tile(x, [2, 1, 3]).square(), at: [sample([2, 2, 2])] },
  'tile of rank 5': {
    op: 'tile',
    f: (x) => ops.tile(x, [2, 1, 2, 1, 2]),
    at: [sample([1, 2, 2, 1, 2])],
  },
  transpose: { f: (x) => ops.transpose(x, [2, 0, 1]).square(), at: [sample([2, 3, 2])] },
  pad: {
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
  'mirrorPad, reflect': {
    op: 'mirrorPad',
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
    op: 'mirrorPad',
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
  gather: { f: (x) => ops.gather(x, indices(1, 1, 2, 5), 0).square(), at: [sample([3, 2])] },
  'gather along the last axis': {
    op: 'gather',
    f: (x) => ops.gather(x, indices(2, 0, 2), -1),
    at: [sample([2, 3])],
  },
  diag: { f: (x) => ops.diag(x), at: [sample([3])] },
};
