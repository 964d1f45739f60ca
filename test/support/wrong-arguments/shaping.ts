import {
  beside,
  axes,
  axis,
  choice,
  extents,
  integer,
  number,
  plain,
  tensor,
  tensors,
  type Argument,
  type Rows,
} from './argument';

const anyNumber = 'any number';
const x = tensor('x', [2, 3]);
const [none, some] = [
  [0, 0],
  [1, 0],
];

/** Pairs of elements before and after each axis, and what is wrong with them. */
function pairs(name: string, valid: readonly (readonly number[])[]): Argument {
  const [first, ...rest] = valid;
  const wrong = [[1], [-1, 0], [0.5, 0], [1, 2, 3], ['nonsense', 0], null].map((pair) => [pair, ...rest]);
  return plain(name, valid, [[], rest, [...valid, first], ...wrong]);
}

const ofRank = (rank: number): Argument => tensor('x', new Array<number>(rank).fill(2), { ranks: [rank] });

function ranked(rank: number): Rows {
  const zeros = new Array<number>(rank).fill(0);
  const ones = new Array<number>(rank).fill(1);
  const outside = (value: unknown): unknown => (rank === 1 ? value : [value, ...zeros.slice(1)]);
  const cut = [-1, 0.5, NaN, 3].map(outside);
  const long = rank === 1 ? [0, 0] : [...zeros, 0];
  return {
    [`slice${rank}d`]: [
      ofRank(rank),
      plain('begin', outside(1), [...cut, long]),
      plain('size', outside(1), [...[-2, 0.5, NaN, 3].map(outside), long], 'optional'),
    ],
    [`pad${rank}d`]: [
      ofRank(rank),
      rank === 1
        ? plain('paddings', some, [[1], [-1, 0], [0.5, 0], [1, 2, 3], ['nonsense', 0]])
        : pairs('paddings', [some, ...ones.slice(1).map(() => none)]),
      number('constantValue', 0, anyNumber, 'optional'),
    ],
    [`reverse${rank}d`]: [ofRank(rank), ...(rank === 1 ? [] : [axes('axis', rank)])],
    [`concat${rank}d`]: [
      tensors('tensors', ones, { ranks: [rank], ...(rank > 1 ? { shapes: [[...ones.slice(1), 2]] } : {}) }),
      ...(rank === 1 ? [] : [axis('axis', 0, rank)]),
    ],
  };
}

/** Ops that move, cut, repeat and join. */
export const shapingRows: Rows = {
  ...ranked(1),
  ...ranked(2),
  ...ranked(3),
  ...ranked(4),
  reshape: [x, extents('shape', [3, 2], [[4], [-1, -1], [-1, 4], [7]])],
  expandDims: [x, axis('axis', 0, 3)],
  squeeze: [tensor('x', [1, 3]), plain('axis', 0, [NaN, 0.5, 2, -3, 1, [1], [0, 0]], 'optional')],
  broadcastTo: [tensor('x', [2, 3], { shapes: [[2, 2]] }), extents('shape', [2, 3], [[3], [2, 4], [3, 2]])],
  ensureShape: [
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
  tile: [x, extents('reps', [2, 1], [[1], [1, 2, 3], [-1, 1]])],
  transpose: [x, plain('perm', [1, 0], [[0], [0, 0], [0, 2], [0, 0.5], [0, NaN], [0, 1, 2]], 'optional')],
  reverse: [x, axes('axis', 2)],
  concat: [tensors('tensors', [2, 3], { ranks: [2], shapes: [[3, 2]] }), axis('axis', 0, 2)],
  stack: [tensors('tensors', [2, 3], { dtypes: ['float32'], shapes: [[3, 2]] }), axis('axis', 0, 3)],
  unstack: [beside(tensor('x', [2, 3], { ranks: [1, 2, 3, 4, 5, 6] }), 'axis'), axis('axis', 0, 2)],
  split: [
    beside(tensor('x', [2, 4], { ranks: [1, 2, 3, 4, 5, 6] }), 'axis'),
    plain('numOrSizeSplits', 2, [0, -1, 3, 0.5, NaN, [1], [1, 2], [-1, -1], [0.5, 1.5], ['nonsense']]),
    axis('axis', 0, 2),
  ],
  slice: [
    tensor('x', [2, 3], { ranks: [1, 2, 3, 4, 5, 6] }),
    plain('begin', [1, 0], [-1, 3, NaN, 0.5, [0, -1], [0, 4], [0, 0, 0], ['nonsense'], [null]]),
    plain('size', [1, 2], [-2, 3, NaN, 0.5, [1, -2], [1, 4], [1, 1, 1], ['nonsense']], 'optional'),
  ],
  stridedSlice: [
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
  pad: [x, pairs('paddings', [some, none]), number('constantValue', 0, anyNumber, 'optional')],
  mirrorPad: [x, pairs('paddings', [some, none]), choice('mode', 'reflect', 'required')],
  diag: [tensor('x', [3], { ranks: [1, 2, 3, 4, 5, 6] })],
  batchToSpaceND: [
    tensor('x', [4, 2, 3], { ranks: [2, 3, 4, 5, 6], shapes: [[3, 2, 3]] }),
    extents('blockShape', [2], [[0], [3], [1, 1, 1]]),
    pairs('crops', [[1, 0]]),
  ],
  spaceToBatchND: [
    tensor('x', [2, 4, 3], { ranks: [2, 3, 4, 5, 6], shapes: [[2, 3, 3]] }),
    extents('blockShape', [2], [[0], [5], [1, 1, 1]]),
    pairs('paddings', [[2, 0]]),
  ],
  depthToSpace: [
    tensor('x', [1, 2, 2, 4], { ranks: [4], shapes: [[1, 2, 2, 3]] }),
    number('blockSize', 2, [NaN, 0, -1, 0.5, 3]),
    choice('dataFormat', 'NHWC'),
  ],
  meshgrid: [
    tensor('x', [2], { presence: 'optional' }),
    tensor('y', [3], { presence: 'optional' }),
    plain('options', 'ij', [{ indexing: 'nonsense' }, { indexing: 5 }], 'optional'),
  ],
};
