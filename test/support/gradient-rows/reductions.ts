import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import { distinct, type GradientRow, type GradientRows } from './row';

/** Sums and what is made of them. */
export const reductionsRows: GradientRows = {
  sum: { f: (x) => ops.sum(x, [0, 2]).square(), at: [sample([2, 3, 2])] },
  'sum, keepDims': { op: 'sum', f: (x) => ops.sum(x, 1, true), at: [sample([2, 3])] },
  'sum of all': { op: 'sum', f: (x) => ops.sum(x), at: [sample([2, 3])] },
  mean: { f: (x) => ops.mean(x, 1).square(), at: [sample([2, 3, 2])] },
  max: { f: (x) => ops.max(x, 1), at: [distinct([3, 4])] },
  'max over two axes': {
    op: 'max',
    f: (x) => ops.max(x, [0, 2], true),
    at: [distinct([2, 3, 2])],
  },
  min: { f: (x) => ops.min(x, 0), at: [distinct([3, 4])] },
  prod: { f: (x) => ops.prod(x, 1), at: [sample([2, 3], 1, 0.5, 1.5)] },
  'prod of all': { op: 'prod', f: (x) => ops.prod(x), at: [[1.5, -2, 0.5, 1.25]] },
  'prod with one zero': { op: 'prod', f: (x) => ops.prod(x), at: [[1.5, 0, 0.5]] },
  'prod with two zeros': {
    op: 'prod',
    f: (x) => ops.prod(x, 1),
    at: [
      [
        [1.5, 0, 0.5, 0],
        [1, 2, 0, 3],
      ],
    ],
  },
  logSumExp: { f: (x) => ops.logSumExp(x, 1), at: [distinct([2, 4])] },
  'moments, mean': {
    op: 'moments',
    f: (x) => ops.moments(x, 0).mean,
    at: [sample([4, 2])],
  },
  'moments, variance': { op: 'moments', f: (x) => ops.moments(x, [0, 1]).variance, at: [sample([4, 2])] },
  euclideanNorm: { f: (x) => ops.euclideanNorm(x, 0), at: [sample([2, 4])] },
  'norm, euclidean': { op: 'norm', f: (x) => ops.norm(x, 2, 1), at: [sample([2, 4])] },
  'norm, 1': { op: 'norm', f: (x) => ops.norm(x, 1), at: [[-2.25, -0.75, 0.25, 1.5]] },
  'norm, infinity': { op: 'norm', f: (x) => ops.norm(x, Infinity), at: [[-3, 1, 2]] },
  'norm, 1 of a matrix': {
    op: 'norm',
    f: (x) => ops.norm(x, 1, [0, 1]),
    at: [
      [
        [1, -2],
        [3, 4],
      ],
    ],
  },
  cumsum: { f: (x) => ops.cumsum(x, 1).square(), at: [sample([2, 4])] },
  'cumsum, exclusive and reversed': {
    op: 'cumsum',
    f: (x) => ops.cumsum(x, 0, true, true).square(),
    at: [sample([4, 2])],
  },
  ...Object.fromEntries(
    [false, true].flatMap((exclusive) =>
      [false, true].flatMap((reverse): [string, GradientRow][] => {
        const form = `${exclusive ? ', exclusive' : ''}${reverse ? ', reversed' : ''}`;
        const f: GradientRow['f'] = (x) => ops.cumprod(x, 1, exclusive, reverse);
        const zeros = [
          [2, 0, 1.5, -1],
          [1.5, 0, 2, 0],
        ];
        return [
          [`cumprod${form}`, { op: 'cumprod', f, at: [sample([2, 4], 3, 0.5, 1.5)] }],
          [`cumprod with zeros${form}`, { op: 'cumprod', f, at: [zeros] }],
        ];
      }),
    ),
  ),
  'cumprod along the first of three axes': {
    op: 'cumprod',
    f: (x) => ops.cumprod(x, 0),
    at: [sample([5, 2, 3], 3, 0.5, 1.5)],
  },
  softmax: { f: (x) => ops.softmax(x), at: [sample([2, 3])] },
  logSoftmax: { f: (x) => ops.logSoftmax(x), at: [sample([2, 3])] },
};
