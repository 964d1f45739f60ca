import type { Scalar } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import { axes, axis, beside, flag, number, plain, tensor, type Argument } from '../wrong-arguments/argument';
import {
  callsOf,
  distinct,
  noGradient,
  type Family,
  type GradientRow,
  type GradientRows,
} from './description';
import { exclusiveProducts, squared, ofInfinity, products, norm } from './nan-decisions';
import { gives, keepsRank, namedByCaller, scalarUnless } from './result-rank';

const x = tensor('x', [2, 3]);
const reducing: readonly Argument[] = [x, axes('axis', 2), flag('keepDims')];
const ofTruths: readonly Argument[] = [
  tensor('x', [2, 3], { dtype: 'bool', dtypes: ['bool'] }),
  axes('axis', 2),
  flag('keepDims'),
];
const ofPlaces: readonly Argument[] = [tensor('x', [2, 3], { shapes: [[0, 3]] }), axis('axis', 0, 2)];
const scan: readonly Argument[] = [
  beside(tensor('x', [2, 3], { ranks: [1, 2, 3, 4, 5, 6] }), 'axis'),
  axis('axis', 0, 2),
  flag('exclusive'),
  flag('reverse'),
];
const ofLogits: readonly Argument[] = [
  tensor('logits', [2, 3]),
  number('axis', -1, [NaN, 0.5, 0, 2, -3], 'optional'),
];

const productRows: GradientRows = Object.fromEntries(
  [false, true].flatMap((exclusive) =>
    [false, true].flatMap((reverse): [string, GradientRow][] => {
      const form = `${exclusive ? ', exclusive' : ''}${reverse ? ', reversed' : ''}`;
      const f: GradientRow['f'] = (x) => ops.cumprod(x, 1, exclusive, reverse);
      const nan = exclusive ? exclusiveProducts : products;
      const zeros = [
        [2, 0, 1.5, -1],
        [1.5, 0, 2, 0],
      ];
      return [
        [`cumprod${form}`, { f, at: [sample([2, 4], 3, 0.5, 1.5)], nan }],
        [`cumprod with zeros${form}`, { f, at: [zeros], nan }],
      ];
    }),
  ),
);

/** Descriptions of reductions, scans, softmaxes, and ops made of them. */
export const reductions = {
  sum: {
    args: reducing,
    rank: scalarUnless(ops.sum, 'axes are given'),
    gradient: {
      sum: { f: (x) => ops.sum(x, [0, 2]).square(), at: [sample([2, 3, 2])] },
      'sum, keepDims': { f: (x) => ops.sum(x, 1, true), at: [sample([2, 3])] },
      'sum of all': { f: (x) => ops.sum(x), at: [sample([2, 3])] },
    },
  },
  mean: {
    args: reducing,
    rank: scalarUnless(ops.mean, 'axes are given'),
    gradient: { f: (x) => ops.mean(x, 1).square(), at: [sample([2, 3, 2])] },
  },
  prod: {
    args: reducing,
    rank: scalarUnless(ops.prod, 'axes are given'),
    gradient: {
      prod: { f: (x) => ops.prod(x, 1), at: [sample([2, 3], 1, 0.5, 1.5)], nan: products },
      'prod of all': { f: (x) => ops.prod(x), at: [[1.5, -2, 0.5, 1.25]], nan: products },
      'prod with one zero': { f: (x) => ops.prod(x), at: [[1.5, 0, 0.5]], nan: products },
      'prod with two zeros': {
        f: (x) => ops.prod(x, 1),
        at: [
          [
            [1.5, 0, 0.5, 0],
            [1, 2, 0, 3],
          ],
        ],
        nan: products,
      },
    },
  },
  max: {
    args: reducing,
    rank: scalarUnless(ops.max, 'axes are given'),
    gradient: {
      max: { f: (x) => ops.max(x, 1), at: [distinct([3, 4])] },
      'max over two axes': { f: (x) => ops.max(x, [0, 2], true), at: [distinct([2, 3, 2])] },
    },
  },
  min: {
    args: reducing,
    rank: scalarUnless(ops.min, 'axes are given'),
    gradient: { f: (x) => ops.min(x, 0), at: [distinct([3, 4])] },
  },
  logSumExp: {
    args: reducing,
    rank: scalarUnless(ops.logSumExp, 'axes are given'),
    gradient: {
      f: (x) => ops.logSumExp(x, 1),
      at: [distinct([2, 4])],
      nan: { gradient: { infinite: 'the softmax of ∞ is NaN' } },
    },
  },
  moments: {
    args: reducing,
    rank: gives<{ mean: Scalar; variance: Scalar }>(ops.moments),
    gradient: {
      'moments, mean': { f: (x) => ops.moments(x, 0).mean, at: [sample([4, 2])] },
      'moments, variance': {
        f: (x) => ops.moments(x, [0, 1]).variance,
        at: [sample([4, 2])],
        nan: { gradient: { huge: squared, infinite: ofInfinity } },
      },
    },
  },
  all: {
    args: ofTruths,
    rank: scalarUnless(ops.all, 'axes are given'),
    gradient: noGradient.isBoolOrPlace,
    sample: callsOf(
      (x) => ops.all(x.cast('bool'), 0),
      [
        [
          [1, 0],
          [1, 1],
        ],
      ],
    ),
  },
  any: {
    args: ofTruths,
    rank: scalarUnless(ops.any, 'axes are given'),
    gradient: noGradient.isBoolOrPlace,
    sample: callsOf(
      (x) => ops.any(x.cast('bool'), 0),
      [
        [
          [1, 0],
          [1, 1],
        ],
      ],
    ),
  },
  argMax: {
    args: ofPlaces,
    rank: namedByCaller('axes'),
    gradient: noGradient.isBoolOrPlace,
    sample: callsOf((x) => ops.argMax(x, 1), [sample([2, 3])]),
  },
  argMin: {
    args: ofPlaces,
    rank: namedByCaller('axes'),
    gradient: noGradient.isBoolOrPlace,
    sample: callsOf((x) => ops.argMin(x, 1), [sample([2, 3])]),
  },
  norm: {
    args: [x, plain('ord', 2, [NaN, 3, 'nonsense'], 'optional'), axes('axis', 2), flag('keepDims')],
    rank: scalarUnless(ops.norm, 'axes are given'),
    gradient: {
      'norm, euclidean': { f: (x) => ops.norm(x, 2, 1), at: [sample([2, 4])], nan: norm },
      'norm, 1': { f: (x) => ops.norm(x, 1), at: [[-2.25, -0.75, 0.25, 1.5]] },
      'norm, infinity': { f: (x) => ops.norm(x, Infinity), at: [[-3, 1, 2]] },
      'norm, 1 of a matrix': {
        f: (x) => ops.norm(x, 1, [0, 1]),
        at: [
          [
            [1, -2],
            [3, 4],
          ],
        ],
      },
    },
  },
  euclideanNorm: {
    args: [x, axes('axis', 2), flag('keepDims')],
    rank: scalarUnless(ops.euclideanNorm, 'axes are given'),
    gradient: { f: (x) => ops.euclideanNorm(x, 0), at: [sample([2, 4])], nan: norm },
  },
  cumsum: {
    args: scan,
    rank: keepsRank(ops.cumsum),
    gradient: {
      cumsum: { f: (x) => ops.cumsum(x, 1).square(), at: [sample([2, 4])] },
      'cumsum, exclusive and reversed': {
        f: (x) => ops.cumsum(x, 0, true, true).square(),
        at: [sample([4, 2])],
      },
    },
  },
  cumprod: {
    args: scan,
    rank: keepsRank(ops.cumprod),
    gradient: {
      ...productRows,
      'cumprod along the first of three axes': {
        f: (x) => ops.cumprod(x, 0),
        at: [sample([5, 2, 3], 3, 0.5, 1.5)],
        nan: products,
      },
    },
  },
  softmax: {
    args: ofLogits,
    rank: keepsRank(ops.softmax),
    gradient: { f: (x) => ops.softmax(x), at: [sample([2, 3])] },
  },
  logSoftmax: {
    args: ofLogits,
    rank: keepsRank(ops.logSoftmax),
    gradient: { f: (x) => ops.logSoftmax(x), at: [sample([2, 3])] },
  },
} satisfies Family;
