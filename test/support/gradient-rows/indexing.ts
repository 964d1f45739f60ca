import * as dl from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import { distinct, type GradientRows } from './row';

const indices = (values: number[], ...shape: number[]): dl.Tensor =>
  dl.tensor(values, shape.length === 0 ? [values.length] : shape, 'int32');
const none: [number, number] = [0, 0];

/** Ops that pick elements by index, put them back, or cut blocks. */
export const indexingRows: GradientRows = {
  'gather with batches': {
    op: 'gather',
    f: (x) => ops.gather(x, indices([2, 0, 2, 1, 1, 7], 2, 3), 1, 1).square(),
    at: [sample([2, 3, 2])],
  },
  gatherND: {
    f: (x) => ops.gatherND(x, indices([1, 0, 0, 2, 1, 0, 2, 1], 4, 2)).square(),
    at: [sample([2, 3, 2])],
  },
  scatterND: {
    f: (x) => ops.scatterND(indices([1, 0, 1, 9], 4, 1), x, [3, 2]).square(),
    at: [sample([4, 2])],
  },
  tensorScatterUpdate: {
    f: (x, y) => ops.tensorScatterUpdate(x, indices([1, 0, 1], 3, 1), y).square(),
    at: [sample([4, 2], 1), sample([3, 2], 2)],
  },
  unsortedSegmentSum: {
    f: (x) => ops.unsortedSegmentSum(x, indices([1, 0, 1, 4]), 3).square(),
    at: [sample([4, 2])],
  },
  bincount: { f: (x) => ops.bincount(indices([1, 0, 1, 4]), x, 3).square(), at: [sample([4])] },
  denseBincount: {
    f: (x) => ops.denseBincount(indices([1, 0, 1, 2, 2, 4], 2, 3), x, 3).square(),
    at: [sample([2, 3])],
  },
  topk: { f: (x) => ops.topk(x, 2).values.square(), at: [distinct([3, 4])] },
  stridedSlice: {
    f: (x) => ops.stridedSlice(x, [0, 4, 1], [2, 0, 2], [1, -2, 1], 0, 0, 0, 0, 4).square(),
    at: [sample([2, 5, 3])],
  },
  slice1d: { f: (x) => ops.slice1d(x, 1, 2), at: [sample([4])] },
  slice2d: { f: (x) => ops.slice2d(x, [1, 0], [1, 2]), at: [sample([2, 3])] },
  slice3d: { f: (x) => ops.slice3d(x, [1, 0, 0], [1, 2, 1]), at: [sample([2, 3, 2])] },
  slice4d: {
    f: (x) => ops.slice4d(x, [0, 1, 0, 0], [1, 1, 2, 1]),
    at: [sample([1, 2, 3, 2])],
  },
  pad1d: { f: (x) => ops.pad1d(x, [1, 2], 5), at: [sample([3])] },
  pad2d: { f: (x) => ops.pad2d(x, [[1, 0], none]), at: [sample([2, 3])] },
  pad3d: { f: (x) => ops.pad3d(x, [[1, 0], none, [0, 1]]), at: [sample([2, 3, 1])] },
  pad4d: {
    f: (x) => ops.pad4d(x, [none, [1, 0], none, [0, 1]]),
    at: [sample([1, 2, 3, 1])],
  },
  reverse1d: { f: (x) => ops.reverse1d(x), at: [sample([3])] },
  reverse2d: { f: (x) => ops.reverse2d(x, 1), at: [sample([2, 3])] },
  reverse3d: { f: (x) => ops.reverse3d(x, [0, 2]), at: [sample([2, 3, 2])] },
  reverse4d: { f: (x) => ops.reverse4d(x), at: [sample([2, 1, 3, 2])] },
  concat1d: { f: (x, y) => ops.concat1d([x, y]), at: [sample([2], 1), sample([3], 2)] },
  concat2d: {
    f: (x, y) => ops.concat2d([x, y], 1),
    at: [sample([2, 1], 1), sample([2, 2], 2)],
  },
  concat3d: {
    f: (x, y) => ops.concat3d([x, y], 2),
    at: [sample([1, 2, 1], 1), sample([1, 2, 2], 2)],
  },
  concat4d: {
    f: (x, y) => ops.concat4d([x, y]),
    at: [sample([1, 2, 1, 2], 1), sample([1, 2, 1, 2], 2)],
  },
  batchToSpaceND: {
    f: (x) => ops.batchToSpaceND(x, [2, 2], [none, [1, 0]]),
    at: [sample([4, 1, 2, 3])],
  },
  spaceToBatchND: {
    f: (x) => ops.spaceToBatchND(x, [2, 2], [none, [1, 0]]),
    at: [sample([1, 2, 3, 2])],
  },
  depthToSpace: { f: (x) => ops.depthToSpace(x, 2), at: [sample([1, 2, 1, 8])] },
  ensureShape: { f: (x) => ops.ensureShape(x, [2, null]), at: [sample([2, 3])] },
  meshgrid: {
    f: (x, y) => ops.mul(...(ops.meshgrid(x, y) as [dl.Tensor, dl.Tensor])),
    at: [sample([3], 1), sample([2], 2)],
  },
};
