import type { Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import type { DifferentiableFunction } from '../gradient-check';
import { sample } from '../reference';
import {
  beside,
  choice,
  flag,
  integer,
  number,
  pairOrNumber,
  plain,
  tensor,
  type Argument,
} from '../wrong-arguments/argument';
import { callsOf, distinct, noGradient, type Family, type GradientRow, type SampleCall } from './description';
import { noRows } from './inputs';
import { overflowing, squared, ofInfinity, products, layer } from './nan-decisions';
import { keepsRank, keepsImageRank, from, gives } from './result-rank';
import { dilations, images, pad, rounding, strides } from './window-arguments';

const anyNumber = 'any number';
const x = tensor('x', [2, 3]);
const pooling: readonly Argument[] = [images('x'), pairOrNumber('filterSize', 2), strides, pad];

const mean = tensor('mean', [3], { shapes: [[2], [1, 1, 1, 1, 3]] });
const variance = tensor('variance', [3], { shapes: [[2], [1, 1, 1, 1, 3]] });
const offset = tensor('offset', [3], { shapes: [[2]], presence: 'optional' });
const scale = tensor('scale', [3], { shapes: [[2]], presence: 'optional' });
const epsilon = number('varianceEpsilon', 0.001, anyNumber, 'optional');
const channelsOf = (rank: number): number[] => [...new Array<number>(rank - 1).fill(2), 3];
const values = (rank?: number): Argument =>
  tensor('x', channelsOf(rank ?? 2), { ...(rank ? { ranks: [rank] } : {}) });
const normalizing = {
  usual: (rank?: number): readonly Argument[] => [values(rank), mean, variance, offset, scale, epsilon],
  reordered: (rank?: number): readonly Argument[] => [values(rank), mean, variance, epsilon, scale, offset],
};

/** Wraps a variant of batchNorm so that it takes its arguments in the order of batchNorm. */
function inUsualOrder(form: (...args: never[]) => Tensor, isReordered: boolean): DifferentiableFunction {
  const f = form as (...args: unknown[]) => Tensor;
  return (x, mean, variance, offset, scale) =>
    isReordered ? f(x, mean, variance, 0.001, scale, offset) : f(x, mean, variance, offset, scale);
}
function normalized(form: (...args: never[]) => Tensor, isReordered: boolean, rank = 2): GradientRow {
  return {
    f: inUsualOrder(form, isReordered),
    at: [sample(channelsOf(rank), 1), sample([3], 2), sample([3], 3, 0.5, 2), sample([3], 4), sample([3], 5)],
    nan: products,
  };
}
function withoutRows(
  form: (...args: never[]) => Tensor,
  isReordered: boolean,
  rank = 2,
): Partial<SampleCall> {
  const f = inUsualOrder(form, isReordered);
  const [nothing, ones] = [(): Tensor => ops.zeros([3]), (): Tensor => ops.ones([3])];
  return {
    empty: () => f(ops.zeros([0, ...channelsOf(rank).slice(1)]), nothing(), ones(), nothing(), ones()),
  };
}

const cellState = (name: string): Argument => tensor(name, [2, 2], { ranks: [2], shapes: [[3, 2]] });

/** Descriptions of pooling, normalization, dropout and recurrent cells. */
export const layers = {
  maxPool: {
    args: [...pooling, rounding],
    rank: keepsImageRank(ops.maxPool),
    gradient: {
      maxPool: { f: (x) => ops.maxPool(x, 2, 2, 'same'), at: [distinct([1, 5, 4, 2])] },
      'maxPool, overlapping': {
        f: (x) => ops.maxPool(x, 3, 1, 'same').square(),
        at: [distinct([1, 4, 4, 1])],
      },
    },
  },
  avgPool: {
    args: [...pooling, rounding],
    rank: keepsImageRank(ops.avgPool),
    gradient: { f: (x) => ops.avgPool(x, [3, 2], [2, 1], 'same').square(), at: [sample([1, 5, 4, 2])] },
  },
  minPool: {
    args: [...pooling, rounding],
    rank: keepsImageRank(ops.minPool),
    gradient: { f: (x) => ops.minPool(x, 2, 2, 'valid'), at: [distinct([1, 4, 4, 2])] },
  },
  maxPoolWithArgmax: {
    args: [...pooling, flag('includeBatchInIndex')],
    rank: from<Tensor4D, { result: Tensor4D; indexes: Tensor4D }>(ops.maxPoolWithArgmax),
    gradient: { f: (x) => ops.maxPoolWithArgmax(x, 2, 2, 'valid').result, at: [distinct([1, 4, 4, 2])] },
  },
  pool: {
    args: [
      images('input'),
      pairOrNumber('windowShape', 2),
      choice('poolingType', 'max', 'required'),
      pad,
      dilations('dilations'),
      pairOrNumber('strides', 1, 'optional'),
      rounding,
    ],
    rank: keepsImageRank(ops.pool),
    gradient: {
      'pool, max': { f: (x) => ops.pool(x, 2, 'max', 'valid', 2), at: [distinct([1, 4, 4, 1])] },
      'pool, avg': { f: (x) => ops.pool(x, 2, 'avg', 'same', 2), at: [sample([1, 4, 4, 1])] },
    },
  },
  batchNorm: {
    args: normalizing.usual(),
    rank: keepsRank(ops.batchNorm),
    gradient: {
      batchNorm: {
        f: (x, mean, variance, offset, scale) => ops.batchNorm(x, mean, variance, offset, scale),
        at: [sample([3, 2], 1), sample([2], 2), sample([2], 3, 0.5, 2), sample([2], 4), sample([2], 5)],
        nan: { 'second derivative': { huge: overflowing, infinite: ofInfinity } },
      },
      'batchNorm with the statistics of the batch': {
        f: (x) => {
          const { mean, variance } = ops.moments(x, 0);
          return ops.batchNorm(x, mean, variance);
        },
        at: [sample([4, 2], 1)],
        nan: { gradient: { huge: squared, infinite: ofInfinity } },
      },
    },
  },
  batchNormalization: {
    args: normalizing.reordered(),
    rank: keepsRank(ops.batchNormalization),
    gradient: normalized(ops.batchNormalization, true),
    sample: withoutRows(ops.batchNormalization, true),
  },
  batchNorm2d: {
    args: normalizing.usual(2),
    rank: keepsRank(ops.batchNorm2d),
    gradient: normalized(ops.batchNorm2d, false, 2),
    sample: withoutRows(ops.batchNorm2d, false, 2),
  },
  batchNormalization2d: {
    args: normalizing.reordered(2),
    rank: keepsRank(ops.batchNormalization2d),
    gradient: normalized(ops.batchNormalization2d, true, 2),
    sample: withoutRows(ops.batchNormalization2d, true, 2),
  },
  batchNorm3d: {
    args: normalizing.usual(3),
    rank: gives<Tensor3D>(ops.batchNorm3d),
    gradient: normalized(ops.batchNorm3d, false, 3),
    sample: withoutRows(ops.batchNorm3d, false, 3),
  },
  batchNormalization3d: {
    args: normalizing.reordered(3),
    rank: gives<Tensor3D>(ops.batchNormalization3d),
    gradient: normalized(ops.batchNormalization3d, true, 3),
    sample: withoutRows(ops.batchNormalization3d, true, 3),
  },
  batchNorm4d: {
    args: normalizing.usual(4),
    rank: gives<Tensor4D>(ops.batchNorm4d),
    gradient: normalized(ops.batchNorm4d, false, 4),
    sample: withoutRows(ops.batchNorm4d, false, 4),
  },
  batchNormalization4d: {
    args: normalizing.reordered(4),
    rank: gives<Tensor4D>(ops.batchNormalization4d),
    gradient: normalized(ops.batchNormalization4d, true, 4),
    sample: withoutRows(ops.batchNormalization4d, true, 4),
  },
  localResponseNormalization: {
    args: [
      images('x'),
      integer('depthRadius', 1, { least: 0, presence: 'optional' }),
      number('bias', 1, anyNumber, 'optional'),
      number('alpha', 1, anyNumber, 'optional'),
      number('beta', 0.5, anyNumber, 'optional'),
    ],
    rank: keepsImageRank(ops.localResponseNormalization),
    gradient: {
      f: (x) => ops.localResponseNormalization(x, 1, 1, 0.5, 0.75),
      at: [sample([1, 2, 2, 4])],
      nan: { 'second derivative': { huge: overflowing, infinite: ofInfinity } },
    },
  },
  dropout: {
    args: [
      x,
      number('rate', 0.5, [NaN, -0.1, 1]),
      plain('noiseShape', [2, 1], [[2], [2, 2], [2, 3, 1], ['nonsense', 3], [0.5, 3]], 'optional'),
      number('seed', 7, [NaN, Infinity], 'optional'),
    ],
    rank: keepsRank(ops.dropout),
    gradient: { f: (x) => ops.dropout(x, 0.4, null, 3), at: [sample([3, 4])] },
  },
  movingAverage: {
    args: [
      tensor('v', [3], { dtypes: ['float32'], shapes: [[4], [1, 3]] }),
      tensor('x', [3], { dtypes: ['float32'], shapes: [[4], [1, 3]] }),
      tensor('decay', [], { shapes: [[4], [2, 2]] }),
      tensor('step', [], { shapes: [[4], [2, 2]] }),
      { ...flag('zeroDebias'), valid: () => true },
    ],
    rank: keepsRank(ops.movingAverage),
    gradient: {
      f: (v, x, decay) => ops.movingAverage(v, x, decay, null, false),
      at: [sample([3], 1), sample([3], 2), 0.75],
    },
    sample: { empty: () => ops.movingAverage(ops.zeros([0]), ops.zeros([0]), 0.5, null, false) },
  },
  multinomial: {
    args: [
      tensor('logits', [2, 3], { ranks: [1, 2], shapes: [[2, 1], [0]] }),
      number('numSamples', 3, [NaN, -1, 0.5]),
      number('seed', 7, [NaN, Infinity], 'optional'),
      flag('normalized'),
    ],
    rank: gives<Tensor1D | Tensor2D>(ops.multinomial),
    gradient: noGradient.countsPlaces,
    sample: callsOf((x) => ops.multinomial(x, 3, 7), [[[0.25, 0.5, 0.25]]], {
      empty: () => ops.multinomial(ops.zeros([0, 3]), 3, 7),
    }),
  },
  basicLSTMCell: {
    args: [
      tensor('forgetBias', [], { shapes: [[3], [3, 3]] }),
      tensor('lstmKernel', [5, 8], {
        ranks: [2],
        shapes: [
          [4, 8],
          [5, 7],
        ],
      }),
      tensor('lstmBias', [8], { ranks: [1], shapes: [[7]] }),
      tensor('data', [2, 3], {
        ranks: [2],
        shapes: [
          [2, 2],
          [3, 3],
        ],
      }),
      beside(cellState('c'), 'h'),
      cellState('h'),
    ],
    rank: gives<[Tensor2D, Tensor2D]>(ops.basicLSTMCell),
    gradient: {
      f: (kernel, bias, data, c, h) => ops.concat(ops.basicLSTMCell(1, kernel, bias, data, c, h), 1),
      at: [
        sample([5, 8], 1, -1, 1),
        sample([8], 2, -1, 1),
        sample([2, 3], 3),
        sample([2, 2], 4),
        sample([2, 2], 5),
      ],
      nan: layer,
    },
    sample: {
      empty: () =>
        ops.basicLSTMCell(1, ops.ones([5, 8]), ops.ones([8]), noRows(), ops.zeros([0, 2]), ops.zeros([0, 2])),
    },
  },
  multiRNNCell: {
    args: [
      plain('lstmCells', [(_: unknown, c: unknown, h: unknown) => [c, h]], [['nonsense'], [null], []]),
      tensor('data', [1, 2], { ranks: [2] }),
      plain('c', [[[1, 2]]], [[], [[1]], ['nonsense'], [null], [[[1]], [[1]]]]),
      plain('h', [[[1, 2]]], [[], [[1]], ['nonsense'], [null], [[[1]], [[1]]]]),
    ],
    rank: gives<[Tensor2D[], Tensor2D[]]>(ops.multiRNNCell),
    noMethod: 'the first argument is the list of cells',
    gradient: {
      f: (kernel, data, c, h) => {
        const cell = (x: Tensor2D, state: Tensor2D, output: Tensor2D): [Tensor2D, Tensor2D] =>
          ops.basicLSTMCell(1, kernel, new Float32Array(8), x, state, output);
        const [states, outputs] = ops.multiRNNCell([cell, cell], data, [c, c], [h, h]);
        return ops.concat([...states, ...outputs], 1);
      },
      at: [sample([4, 8], 1, -1, 1), sample([1, 2], 3), sample([1, 2], 4), sample([1, 2], 5)],
      nan: layer,
    },
    sample: {
      empty: () =>
        ops.multiRNNCell(
          [(data, c, h) => ops.basicLSTMCell(1, ops.ones([5, 8]), ops.ones([8]), data, c, h)],
          noRows(),
          [ops.zeros([0, 2])],
          [ops.zeros([0, 2])],
        ),
    },
  },
} satisfies Family;
