import { op } from '../../tensor/op';
import {
  add,
  div,
  equal,
  expandDims,
  matMul,
  mul,
  onesLike,
  slice,
  sub,
  where,
  zerosLike,
} from '../../tensor/ops';
import { assertOptionValues, isOneOf } from '../../tensor/options';
import type { Tensor } from '../../tensor/tensor';
import type { TensorInput } from '../../tensor/tensor-like';
import { diagonals, gapsOf } from './eigh';
import { singularValues } from './factors/singular-values';
import { asMatrices, transposed } from './matrices';
import { onHost } from './on-host';
import { partsOf } from './parts';

/** Options of {@link svd}. */
export interface SvdOptions {
  /** Whether U and V are square: their further columns complete the bases; false by default. */
  readonly fullMatrices?: boolean;
}

/** What {@link svd} gives, with k = min(m, n). */
export interface SingularValueDecomposition {
  /** U, [..., m, k] or [..., m, m]: orthonormal columns. */
  readonly u: Tensor;
  /** The singular values, [..., k], in descending order. */
  readonly s: Tensor;
  /** V, [..., n, k] or [..., n, n]: orthonormal columns. */
  readonly v: Tensor;
}

/**
 * The singular value decomposition A = U·diag(s)·Vᵀ. V is not transposed, as in TensorFlow's `linalg.svd`; NumPy's gives Vᵀ. TensorFlow lists them as s, U, V and NumPy as
 * U, s, Vᵀ: here they have names. A matrix with an element that is not finite gives NaN.
 *
 * Columns that belong together are known up to one sign, and of singular values that are equal, or 0, only the space of their columns is. So a function of U and V has
 * a derivative where the values are different and not 0, and where it does not depend on that choice. The gradient takes columns of equal values as if they
 * did not turn into each other, and 1/s of a value of 0 as 0; nearly equal values make it large. Values alone have good gradients, where they are different and not 0.
 *
 * Computed by one-sided Jacobi rotations, on the host in float64, on every backend.
 *
 * @param x A, [..., m, n]
 * @throws unless x has two axes or more, and when an option is unknown or does not fit
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { svd } from 'rxtensor/ops';
 * dl.tidy(() => svd([[0, 2], [3, 0]]).s.print()); // 3, 2
 * ```
 */
export const svd = op(
  'svd',
  (x: TensorInput, options: SvdOptions | null = null): SingularValueDecomposition => {
    const value = asMatrices('svd', 'x', x);
    const given = options ?? {};
    assertOptionValues<SvdOptions>('svd', given, { fullMatrices: isOneOf([true, false]) });
    const isFull = given.fullMatrices ?? false;
    const [m, n] = value.shape.slice(-2) as [number, number];
    const k = Math.min(m, n);
    const [mu, nv] = isFull ? [m, n] : [k, k];
    const shapes = [[m, mu], [k], [n, nv]];
    const size = m * mu + k + n * nv;
    const packed = onHost('svd', {
      inputs: [value],
      shape: [...value.shape.slice(0, -2), size],
      numbers: { isFull: Number(isFull) },
      compute: ([matrices], found) => {
        const count = size === 0 ? 0 : found.length / size;
        for (let b = 0; b < count; b++) {
          const place = found.subarray(b * size, (b + 1) * size);
          const parts = singularValues(matrices!.subarray(b * m * n, (b + 1) * m * n), m, n, isFull);
          if (parts === null) {
            place.fill(NaN);
            continue;
          }
          setTransposed(place, 0, parts.left, mu, m);
          place.set(parts.values, m * mu);
          setTransposed(place, m * mu + k, parts.right, nv, n);
        }
      },
      rule: {
        outputs: [0],
        gradients: ({ dy, output }) => [
          () => gradientOf(partsOf(output(0), shapes) as Three, partsOf(dy, shapes) as Three),
        ],
      },
    });
    const [u, s, v] = partsOf(packed, shapes) as Three;
    return { u, s, v };
  },
);

/** U, s and V, or their gradients. */
type Three = [u: Tensor, s: Tensor, v: Tensor];

function setTransposed(
  to: Float32Array,
  at: number,
  rows: Float64Array,
  count: number,
  length: number,
): void {
  for (let i = 0; i < count; i++)
    for (let j = 0; j < length; j++) to[at + j * count + i] = rows[i * length + j]!;
}

/**
 * Townsend, "Differentiating the singular value decomposition", 2016, equation 7: with Fᵢⱼ = 1/(sⱼ² − sᵢ²),
 * (U·(F∘(Uᵀ·dU − dUᵀ·U))·S + (I − U·Uᵀ)·dU·S⁻¹)·Vᵀ + U·diag(ds)·Vᵀ + U·(S·(F∘(Vᵀ·dV − dVᵀ·V))·Vᵀ + S⁻¹·dVᵀ·(I − V·Vᵀ)).
 */
function gradientOf([fullU, s, fullV]: Three, [fullDu, ds, fullDv]: Three): Tensor {
  const k = s.shape.at(-1)!;
  const [u, du] = ownColumns(fullU, fullDu, k);
  const [v, dv] = ownColumns(fullV, fullDv, k);
  const gaps = gapsOf(mul(s, s));
  const turning = (x: Tensor, dx: Tensor): Tensor => {
    const product = matMul(x, dx, true);
    return mul(gaps, sub(product, transposed(product)));
  };
  const [alongColumns, alongRows] = [expandDims(s, -2), expandDims(s, -1)];
  const isZero = equal(s, 0);
  const inverse = expandDims(where(isZero, zerosLike(s), div(1, where(isZero, onesLike(s), s))), -2);
  /** (I − X·Xᵀ)·dX·S⁻¹. */
  const outside = (x: Tensor, dx: Tensor): Tensor => mul(sub(dx, matMul(x, matMul(x, dx, true))), inverse);
  const inside = add(add(mul(turning(u, du), alongColumns), mul(alongRows, turning(v, dv))), diagonals(ds));
  const left = add(matMul(u, inside), outside(u, du));
  return add(matMul(left, v, false, true), matMul(u, outside(v, dv), false, true));
}

/**
 * The first k columns, with their gradient. The others span what is orthogonal to these, and turn along: that is −X₁·dX₁ᵀ·X₂, so X₁ gets
 * −X₂·dX₂ᵀ·X₁ of their gradient.
 */
function ownColumns(x: Tensor, dx: Tensor, k: number): [x: Tensor, dx: Tensor] {
  const [rows, columns] = x.shape.slice(-2) as [number, number];
  if (columns === k) return [x, dx];
  const zeros = x.shape.slice(0, -1).map(() => 0);
  const batch = x.shape.slice(0, -2);
  const part = (all: Tensor, from: number, count: number): Tensor =>
    slice(all, [...zeros, from], [...batch, rows, count]);
  const own = part(x, 0, k);
  const others = part(x, k, columns - k);
  const turned = matMul(matMul(others, part(dx, k, columns - k), false, true), own);
  return [own, sub(part(dx, 0, k), turned)];
}
