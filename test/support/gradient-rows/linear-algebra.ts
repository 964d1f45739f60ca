import * as ops from '../../../src/tensor/ops';
import type { Tensor2D } from '../../../src/tensor/tensor';
import { sample } from '../reference';
import type { GradientRows } from './row';

/** Products of matrices and vectors. */
export const linearAlgebraRows: GradientRows = {
  matMul: { f: (x, y) => ops.matMul(x, y), at: [sample([2, 3], 1), sample([3, 4], 2)] },
  'matMul, first transposed': {
    op: 'matMul',
    f: (x, y) => ops.matMul(x, y, true),
    at: [sample([3, 2], 1), sample([3, 4], 2)],
  },
  'matMul, second transposed': {
    op: 'matMul',
    f: (x, y) => ops.matMul(x, y, false, true),
    at: [sample([2, 3], 1), sample([4, 3], 2)],
  },
  'matMul, both transposed': {
    op: 'matMul',
    f: (x, y) => ops.matMul(x, y, true, true),
    at: [sample([3, 2], 1), sample([4, 3], 2)],
  },
  'matMul, batched': {
    op: 'matMul',
    f: (x, y) => ops.matMul(x, y),
    at: [sample([2, 2, 3], 1), sample([1, 3, 2], 2)],
  },
  'matMul, batches broadcast': {
    op: 'matMul',
    f: (x, y) => ops.matMul(x, y, true, false),
    at: [sample([2, 1, 3, 2], 1), sample([2, 3, 2], 2)],
  },
  'matMul of a tensor by itself': { op: 'matMul', f: (x) => ops.matMul(x, x), at: [sample([3, 3], 1)] },
  dot: { f: (x, y) => ops.dot(x, y), at: [sample([3], 1), sample([3, 2], 2)] },
  outerProduct: { f: (x, y) => ops.outerProduct(x, y), at: [sample([2], 1), sample([3], 2)] },
  matrixTimesVector: {
    f: (x, y) => ops.matrixTimesVector(x, y),
    at: [sample([2, 3], 1), sample([3], 2)],
  },
  vectorTimesMatrix: {
    f: (x, y) => ops.vectorTimesMatrix(x, y),
    at: [sample([2], 1), sample([2, 3], 2)],
  },
  'einsum, a product': {
    op: 'einsum',
    f: (x, y) => ops.einsum('aij,ajk->aki', x, y),
    at: [sample([2, 2, 3], 1), sample([2, 3, 2], 2)],
  },
  'einsum, of three': {
    op: 'einsum',
    f: (x, y, z) => ops.einsum('ij,jk,ik->j', x, y, z),
    at: [sample([2, 3], 1), sample([3, 2], 2), sample([2, 2], 3)],
  },
  'einsum, a diagonal': { op: 'einsum', f: (x) => ops.einsum('iji->ij', x), at: [sample([2, 3, 2])] },
  'einsum, to a diagonal': { op: 'einsum', f: (x) => ops.einsum('ij->iji', x), at: [sample([2, 3])] },
  'einsum, broadcast': {
    op: 'einsum',
    f: (x, y) => ops.einsum('...ij,...jk->...ik', x, y),
    at: [sample([2, 1, 2, 3], 1), sample([2, 3, 2], 2)],
  },
  'linalg.bandPart': { f: (x) => ops.linalg.bandPart(x, 1, 0), at: [sample([3, 4])] },
  'linalg.gramSchmidt': {
    f: (x) => ops.linalg.gramSchmidt(x as Tensor2D),
    at: [
      [
        [2, 0.5, -1],
        [0.25, 1.5, 1],
      ],
    ],
  },
  'linalg.qr, Q': {
    op: 'linalg.qr',
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
    op: 'linalg.qr',
    f: (x) => ops.linalg.qr(x)[1],
    at: [
      [
        [2, 0.5, 1],
        [-1, 1.5, 0.25],
      ],
    ],
  },
};
