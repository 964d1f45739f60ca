import type { Tensor1D, Tensor2D } from '../../../src/tensor';
import * as ops from '../../../src/tensor/ops';
import { sample } from '../reference';
import { flag, number, plain, tensor, tensors, type Argument } from '../wrong-arguments/argument';
import { type Family } from './description';
import { noRows } from './inputs';
import { squared, ofInfinity } from './nan-decisions';
import { keepsRank, from, gives, namedByCaller, notKnown } from './result-rank';

/** Two arguments: matrices whose shapes can be multiplied. */
export const matrices = (first: string, second: string): readonly Argument[] => [
  tensor(first, [2, 3], {
    ranks: [2, 3, 4, 5, 6],
    shapes: [
      [2, 2],
      [3, 2],
    ],
  }),
  tensor(second, [3, 4], {
    ranks: [2, 3, 4, 5, 6],
    shapes: [
      [2, 4],
      [4, 3],
    ],
  }),
];

/** Descriptions of products of matrices and vectors, and of linear algebra. */
export const products = {
  matMul: {
    args: [...matrices('a', 'b'), flag('transposeA'), flag('transposeB')],
    rank: namedByCaller('the larger operand'),
    gradient: {
      matMul: { f: (x, y) => ops.matMul(x, y), at: [sample([2, 3], 1), sample([3, 4], 2)] },
      'matMul, first transposed': {
        f: (x, y) => ops.matMul(x, y, true),
        at: [sample([3, 2], 1), sample([3, 4], 2)],
      },
      'matMul, second transposed': {
        f: (x, y) => ops.matMul(x, y, false, true),
        at: [sample([2, 3], 1), sample([4, 3], 2)],
      },
      'matMul, both transposed': {
        f: (x, y) => ops.matMul(x, y, true, true),
        at: [sample([3, 2], 1), sample([4, 3], 2)],
      },
      'matMul, batched': { f: (x, y) => ops.matMul(x, y), at: [sample([2, 2, 3], 1), sample([1, 3, 2], 2)] },
      'matMul, batches broadcast': {
        f: (x, y) => ops.matMul(x, y, true, false),
        at: [sample([2, 1, 3, 2], 1), sample([2, 3, 2], 2)],
      },
      'matMul of a tensor by itself': { f: (x) => ops.matMul(x, x), at: [sample([3, 3], 1)] },
    },
  },
  dot: {
    args: [
      tensor('a', [2, 3], { ranks: [1, 2], shapes: [[2, 2], [2]] }),
      tensor('b', [3, 2], { ranks: [1, 2], shapes: [[2, 3], [2]] }),
    ],
    rank: notKnown('both operands'),
    gradient: { f: (x, y) => ops.dot(x, y), at: [sample([3], 1), sample([3, 2], 2)] },
    sample: { empty: () => ops.dot(ops.zeros([0]), noRows()) },
  },
  outerProduct: {
    args: [tensor('a', [2], { ranks: [1] }), tensor('b', [3], { ranks: [1] })],
    rank: gives<Tensor2D>(ops.outerProduct),
    gradient: { f: (x, y) => ops.outerProduct(x, y), at: [sample([2], 1), sample([3], 2)] },
  },
  matrixTimesVector: {
    args: [
      tensor('matrix', [2, 3], { ranks: [2], shapes: [[3, 2]] }),
      tensor('v', [3], { ranks: [1], shapes: [[2]] }),
    ],
    rank: gives<Tensor1D>(ops.matrixTimesVector),
    gradient: { f: (x, y) => ops.matrixTimesVector(x, y), at: [sample([2, 3], 1), sample([3], 2)] },
  },
  vectorTimesMatrix: {
    args: [
      tensor('v', [2], { ranks: [1], shapes: [[3]] }),
      tensor('matrix', [2, 3], { ranks: [2], shapes: [[3, 2]] }),
    ],
    rank: gives<Tensor1D>(ops.vectorTimesMatrix),
    gradient: { f: (x, y) => ops.vectorTimesMatrix(x, y), at: [sample([2], 1), sample([2, 3], 2)] },
    sample: { empty: () => ops.vectorTimesMatrix(ops.zeros([0]), noRows()) },
  },
  einsum: {
    args: [
      plain('equation', 'ij,jk->ik', [
        'nonsense',
        'ij,jk,kl',
        'ij->i',
        'ij,jk->il',
        'ij,jk->i->k',
        'i1,jk->ik',
      ]),
      tensor('tensors', [2, 3], { ranks: [2], shapes: [[2, 4]] }),
      tensor('tensors', [3, 2], { ranks: [2], shapes: [[4, 2]] }),
    ],
    rank: notKnown('the equation'),
    noMethod: 'the first argument is the equation',
    gradient: {
      'einsum, a product': {
        f: (x, y) => ops.einsum('aij,ajk->aki', x, y),
        at: [sample([2, 2, 3], 1), sample([2, 3, 2], 2)],
      },
      'einsum, of three': {
        f: (x, y, z) => ops.einsum('ij,jk,ik->j', x, y, z),
        at: [sample([2, 3], 1), sample([3, 2], 2), sample([2, 2], 3)],
      },
      'einsum, a diagonal': { f: (x) => ops.einsum('iji->ij', x), at: [sample([2, 3, 2])] },
      'einsum, to a diagonal': { f: (x) => ops.einsum('ij->iji', x), at: [sample([2, 3])] },
      'einsum, broadcast': {
        f: (x, y) => ops.einsum('...ij,...jk->...ik', x, y),
        at: [sample([2, 1, 2, 3], 1), sample([2, 3, 2], 2)],
      },
    },
    sample: { empty: () => ops.einsum('ij,jk->ik', ops.zeros([2, 0]), noRows()) },
  },
  'linalg.bandPart': {
    args: [
      tensor('x', [3, 3], { ranks: [2, 3, 4, 5, 6] }),
      number('numLower', 1, [NaN, 0.5, 4]),
      number('numUpper', 1, [NaN, 0.5, 4]),
    ],
    rank: keepsRank(ops.linalg.bandPart),
    gradient: { f: (x) => ops.linalg.bandPart(x, 1, 0), at: [sample([3, 4])] },
    sample: { empty: () => ops.linalg.bandPart(noRows(), 0, 1) },
  },
  'linalg.gramSchmidt': {
    args: [tensors('xs', [3], { ranks: [1], shapes: [[2]] })],
    rank: gives<Tensor2D | Tensor1D[]>(ops.linalg.gramSchmidt),
    gradient: {
      f: (x) => ops.linalg.gramSchmidt(x as Tensor2D),
      at: [
        [
          [2, 0.5, -1],
          [0.25, 1.5, 1],
        ],
      ],
      nan: { gradient: { huge: squared, infinite: ofInfinity } },
    },
    sample: { empty: 'it needs at least one vector, as in TensorFlow.js' },
  },
  'linalg.qr': {
    args: [tensor('x', [3, 2], { ranks: [2, 3, 4, 5, 6] }), flag('fullMatrices')],
    rank: from<Tensor2D, [Tensor2D, Tensor2D]>(ops.linalg.qr),
    gradient: {
      'linalg.qr, Q': {
        f: (x) => ops.linalg.qr(x)[0],
        at: [
          [
            [2, 0.5],
            [-1, 1.5],
            [0.25, 1],
          ],
        ],
      },
      'linalg.qr, R': {
        f: (x) => ops.linalg.qr(x)[1],
        at: [
          [
            [2, 0.5, 1],
            [-1, 1.5, 0.25],
          ],
        ],
      },
    },
  },
} satisfies Family;
