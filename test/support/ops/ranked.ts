import type { Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import { axes, axis, number, plain, tensor, tensors, type Argument } from '../wrong-arguments/argument';
import { noMethod, type Family } from './description';
import { noRows, none } from './inputs';
import { pairs } from './pairs';
import { gives } from './result-rank';

const anyNumber = 'any number';
const some = [1, 0];
const ofRank = (rank: number): Argument => tensor('x', new Array<number>(rank).fill(2), { ranks: [rank] });
const ones = (rank: number): number[] => new Array<number>(rank).fill(1);
const zeros = (rank: number): number[] => new Array<number>(rank).fill(0);
/** A list with `value` for the first axis and 0 for the others. For rank 1 it is `value` itself. */
const outside = (rank: number, value: unknown): unknown =>
  rank === 1 ? value : [value, ...zeros(rank).slice(1)];
const tooLong = (rank: number): number[] => (rank === 1 ? [0, 0] : [...zeros(rank), 0]);

const args = {
  slice: (rank: number): readonly Argument[] => [
    ofRank(rank),
    plain('begin', outside(rank, 1), [
      ...[-1, 0.5, NaN, 3].map((each) => outside(rank, each)),
      tooLong(rank),
    ]),
    plain(
      'size',
      outside(rank, 1),
      [...[-2, 0.5, NaN, 3].map((each) => outside(rank, each)), tooLong(rank)],
      'optional',
    ),
  ],
  pad: (rank: number): readonly Argument[] => [
    ofRank(rank),
    rank === 1
      ? plain('paddings', some, [[1], [-1, 0], [0.5, 0], [1, 2, 3], ['nonsense', 0]])
      : pairs('paddings', [
          some,
          ...ones(rank)
            .slice(1)
            .map(() => none),
        ]),
    number('constantValue', 0, anyNumber, 'optional'),
  ],
  reverse: (rank: number): readonly Argument[] => [ofRank(rank), ...(rank === 1 ? [] : [axes('axis', rank)])],
  concat: (rank: number): readonly Argument[] => [
    tensors('tensors', ones(rank), {
      ranks: [rank],
      ...(rank > 1 ? { shapes: [[...ones(rank).slice(1), 2]] } : {}),
    }),
    ...(rank === 1 ? [] : [axis('axis', 0, rank)]),
  ],
};

/** Descriptions of ops for tensors of one rank, such as `slice2d`. */
export const ranked = {
  slice1d: {
    args: args.slice(1),
    rank: gives<Tensor1D>(ops.slice1d),
    gradient: { f: (x) => ops.slice1d(x, 1, 2), at: [sample([4])] },
    sample: { empty: () => ops.slice1d(ops.zeros([0]), 0) },
  },
  pad1d: {
    args: args.pad(1),
    rank: gives<Tensor1D>(ops.pad1d),
    gradient: { f: (x) => ops.pad1d(x, [1, 2], 5), at: [sample([3])] },
  },
  reverse1d: {
    args: args.reverse(1),
    rank: gives<Tensor1D>(ops.reverse1d),
    gradient: { f: (x) => ops.reverse1d(x), at: [sample([3])] },
  },
  concat1d: {
    args: args.concat(1),
    rank: gives<Tensor1D>(ops.concat1d),
    noMethod: noMethod.takesList,
    gradient: { f: (x, y) => ops.concat1d([x, y]), at: [sample([2], 1), sample([3], 2)] },
  },
  slice2d: {
    args: args.slice(2),
    rank: gives<Tensor2D>(ops.slice2d),
    gradient: { f: (x) => ops.slice2d(x, [1, 0], [1, 2]), at: [sample([2, 3])] },
    sample: { empty: () => ops.slice2d(noRows(), [0, 1]) },
  },
  pad2d: {
    args: args.pad(2),
    rank: gives<Tensor2D>(ops.pad2d),
    gradient: { f: (x) => ops.pad2d(x, [[1, 0], none]), at: [sample([2, 3])] },
  },
  reverse2d: {
    args: args.reverse(2),
    rank: gives<Tensor2D>(ops.reverse2d),
    gradient: { f: (x) => ops.reverse2d(x, 1), at: [sample([2, 3])] },
  },
  concat2d: {
    args: args.concat(2),
    rank: gives<Tensor2D>(ops.concat2d),
    noMethod: noMethod.takesList,
    gradient: { f: (x, y) => ops.concat2d([x, y], 1), at: [sample([2, 1], 1), sample([2, 2], 2)] },
    sample: { empty: () => ops.concat2d([noRows(), noRows()]) },
  },
  slice3d: {
    args: args.slice(3),
    rank: gives<Tensor3D>(ops.slice3d),
    gradient: { f: (x) => ops.slice3d(x, [1, 0, 0], [1, 2, 1]), at: [sample([2, 3, 2])] },
    sample: { empty: () => ops.slice3d(ops.zeros([0, 2, 1]), [0, 1, 0]) },
  },
  pad3d: {
    args: args.pad(3),
    rank: gives<Tensor3D>(ops.pad3d),
    gradient: { f: (x) => ops.pad3d(x, [[1, 0], none, [0, 1]]), at: [sample([2, 3, 1])] },
  },
  reverse3d: {
    args: args.reverse(3),
    rank: gives<Tensor3D>(ops.reverse3d),
    gradient: { f: (x) => ops.reverse3d(x, [0, 2]), at: [sample([2, 3, 2])] },
  },
  concat3d: {
    args: args.concat(3),
    rank: gives<Tensor3D>(ops.concat3d),
    noMethod: noMethod.takesList,
    gradient: { f: (x, y) => ops.concat3d([x, y], 2), at: [sample([1, 2, 1], 1), sample([1, 2, 2], 2)] },
    sample: { empty: () => ops.concat3d([ops.zeros([0, 2, 1]), ops.zeros([1, 2, 1])]) },
  },
  slice4d: {
    args: args.slice(4),
    rank: gives<Tensor4D>(ops.slice4d),
    gradient: { f: (x) => ops.slice4d(x, [0, 1, 0, 0], [1, 1, 2, 1]), at: [sample([1, 2, 3, 2])] },
    sample: { empty: () => ops.slice4d(ops.zeros([0, 2, 1, 1]), [0, 1, 0, 0]) },
  },
  pad4d: {
    args: args.pad(4),
    rank: gives<Tensor4D>(ops.pad4d),
    gradient: { f: (x) => ops.pad4d(x, [none, [1, 0], none, [0, 1]]), at: [sample([1, 2, 3, 1])] },
  },
  reverse4d: {
    args: args.reverse(4),
    rank: gives<Tensor4D>(ops.reverse4d),
    gradient: { f: (x) => ops.reverse4d(x), at: [sample([2, 1, 3, 2])] },
  },
  concat4d: {
    args: args.concat(4),
    rank: gives<Tensor4D>(ops.concat4d),
    noMethod: noMethod.takesList,
    gradient: { f: (x, y) => ops.concat4d([x, y]), at: [sample([1, 2, 1, 2], 1), sample([1, 2, 1, 2], 2)] },
  },
} satisfies Family;
