import { sizeOf } from '../../kernels';
import { op } from '../op';
import type { Tensor } from '../tensor';
import { asRank, type TensorInput } from '../tensor-like';
import { div, equal, greater, mul, neg, sub } from './arithmetic';
import { castTo } from './cast';
import { concat } from './concat';
import { onesLike, scalar } from './creation';
import { matMul } from './mat-mul';
import { eye } from './one-hot';
import { sum } from './reduction';
import { reshape } from './reshape';
import { slice } from './slice';
import { sqrt } from './unary';
import { where } from './where';

/**
 * The Householder reflection I − τ w wᵀ that maps the column x [batch, count, 1] to a multiple of the first unit vector. The multiple has the
 * opposite sign of x₀, which avoids cancellation (Golub & Van Loan, "Matrix computations", algorithm 5.1.1, with w₀ = 1). τ is 0 for a
 * column of zeros.
 */
function reflection(x: Tensor): { w: Tensor; tau: Tensor } {
  const [batch, count] = x.shape as [number, number, number];
  const squares = sum(mul(x, x), 1, true);
  const isZero = equal(squares, 0);
  const first = slice(x, [0, 0, 0], [batch, 1, 1]);
  // For a column of zeros, 1 replaces the operands of √ and of the division, so that the gradient is not NaN.
  const length = sqrt(where(isZero, onesLike(squares), squares));
  const sign = where(greater(first, 0), scalar(-1), scalar(1));
  const u = where(isZero, onesLike(first), sub(first, mul(sign, length)));
  const rest = slice(x, [0, 1, 0], [batch, count - 1, 1]);
  const w = concat([onesLike(first), div(rest, u)], 1);
  const tau = where(isZero, scalar(0), neg(div(mul(sign, u), length)));
  return { w, tau };
}

/** The first `count` rows (axis 1) or columns (axis 2). */
function firstOf(x: Tensor, axis: 1 | 2, count: number): Tensor {
  const size = [...x.shape] as number[];
  size[axis] = count;
  return slice(x, [0, 0, 0], size);
}

/** Q and R of matrices [batch, rows, columns], by Householder reflections, one for each column. */
function factors(x: Tensor): [Tensor, Tensor] {
  const [batch, rows, columns] = x.shape as [number, number, number];
  let r = x;
  let q = eye(rows, rows, [batch]);
  for (let j = 0; j < Math.min(rows, columns); j++) {
    const lower = slice(r, [0, j, 0], [batch, rows - j, columns]);
    const { w, tau } = reflection(slice(lower, [0, 0, j], [batch, rows - j, 1]));
    const scaled = mul(tau, w);
    const reflected = sub(lower, matMul(scaled, matMul(w, lower, true)));
    const right = slice(q, [0, 0, j], [batch, rows, rows - j]);
    const turned = sub(right, matMul(matMul(right, w), scaled, false, true));
    r = j === 0 ? reflected : concat([firstOf(r, 1, j), reflected], 1);
    q = j === 0 ? turned : concat([firstOf(q, 2, j), turned], 2);
  }
  return [q, r];
}

/**
 * The QR decomposition x = Q·R of each matrix over the last two axes: Q has orthonormal columns, R is upper triangular. Both are float32.
 *
 * @param x [..., rows, columns]
 * @param fullMatrices gives Q [..., rows, rows] and R [..., rows, columns]; otherwise Q is [..., rows, k] and R [..., k, columns], with
 *   k = min(rows, columns)
 * @returns [Q, R]
 * @throws unless x has rank 2 or more
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const x = dl.tensor2d([[1, 2], [3, 4]]);
 * const [q, r] = dl.linalg.qr(x);
 * q.matMul(r).print(); // [[1, 2], [3, 4]]
 * dl.dispose([x, q, r]);
 * ```
 */
export const qr = op('qr', function qr<T extends Tensor>(x: T | TensorInput, fullMatrices = false): [T, T] {
  const value = castTo(asRank('qr', 'x', x, [2, 3, 4, 5, 6]), 'float32');
  const batch = value.shape.slice(0, -2);
  const [rows, columns] = value.shape.slice(-2) as [number, number];
  let [q, r] = factors(reshape(value, [sizeOf(batch), rows, columns]));
  if (!fullMatrices && rows > columns) {
    q = firstOf(q, 2, columns);
    r = firstOf(r, 1, columns);
  }
  const shaped = (part: Tensor): T => reshape(part, [...batch, ...part.shape.slice(1)]) as T;
  return [shaped(q), shaped(r)];
});
