import { op } from '../../tensor/op';
import {
  add,
  div,
  equal,
  expandDims,
  eye,
  matMul,
  mul,
  onesLike,
  sub,
  where,
  zerosLike,
} from '../../tensor/ops';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { symmetricEigen } from './factors/symmetric-eigen';
import { asSquare, symmetrized } from './matrices';
import { onHost } from './on-host';
import { partsOf } from './parts';

/** What {@link eigh} gives. */
export interface Eigenpairs {
  /** [..., n], in ascending order. */
  readonly values: Tensor;
  /** [..., n, n]: column i is the eigenvector of value i, of length 1. */
  readonly vectors: Tensor;
}

/** 1/(vⱼ − vᵢ) at i, j; 0 where both are equal. */
export function gapsOf(values: Tensor): Tensor {
  const gaps = sub(expandDims(values, -2), expandDims(values, -1));
  const isZero = equal(gaps, 0);
  return where(isZero, zerosLike(gaps), div(1, where(isZero, onesLike(gaps), gaps)));
}

/** Matrices with these diagonals. */
export function diagonals(values: Tensor): Tensor {
  const n = values.shape.at(-1)!;
  return mul(expandDims(values, -1), eye(n));
}

/**
 * The eigenvalues and eigenvectors of symmetric matrices, A = V·diag(values)·Vᵀ, as NumPy's and TensorFlow's `linalg.eigh`. Only the lower triangles of A are
 * read. A matrix with an element there that is not finite gives NaN.
 *
 * An eigenvector is known up to its sign; of eigenvalues that are equal only the space of their vectors is. So a function of the vectors has a derivative where the values
 * are different, and where it does not depend on that choice. The gradient takes vectors of equal values as if they did not turn into each other; nearly equal
 * values make it large. It is symmetric, as the gradient of `cholesky` is. Values alone have good gradients, where they are different.
 *
 * Computed by Householder reflections and QR steps, on the host in float64, on every backend.
 *
 * @param x [..., n, n]
 * @throws unless x is square over its last two axes
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { eigh } from 'rxtensor/ops';
 * dl.tidy(() => eigh([[2, 1], [1, 2]]).values.print()); // 1, 3
 * ```
 */
export const eigh = op('eigh', (x: TensorInput): Eigenpairs => {
  const value = asSquare('eigh', 'x', x);
  const n = value.shape.at(-1)!;
  const shapes = [[n], [n, n]];
  const size = n + n * n;
  const packed = onHost('eigh', {
    inputs: [value],
    shape: [...value.shape.slice(0, -2), size],
    compute: ([matrices], found) => {
      const count = found.length / size;
      for (let b = 0; b < count; b++) {
        const place = found.subarray(b * size, (b + 1) * size);
        const pairs = symmetricEigen(matrices!.subarray(b * n * n, (b + 1) * n * n), n);
        if (pairs === null) place.fill(NaN);
        else {
          place.set(pairs.values);
          for (let i = 0; i < n; i++)
            for (let j = 0; j < n; j++) place[n + i * n + j] = pairs.vectors[j * n + i]!;
        }
      }
    },
    rule: {
      outputs: [0],
      gradients: ({ dy, output }) => [
        () => {
          // V·(diag(dλ) + F∘(Vᵀ·dV))·Vᵀ with Fᵢⱼ = 1/(λⱼ − λᵢ) (Giles, "An extended collection of matrix derivative results", 2008).
          const [values, v] = partsOf(output(0), shapes) as [Tensor, Tensor];
          const [ofValues, ofVectors] = partsOf(dy, shapes) as [Tensor, Tensor];
          const turning = mul(gapsOf(values), matMul(v, ofVectors, true));
          const inside = add(diagonals(ofValues), turning);
          return symmetrized(matMul(matMul(v, inside), v, false, true));
        },
      ],
    },
  });
  const [values, vectors] = partsOf(packed, shapes) as [Tensor, Tensor];
  return { values, vectors };
});
