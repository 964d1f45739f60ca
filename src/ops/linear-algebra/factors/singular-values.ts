import { swapRows } from './lower-upper';
import { symmetricEigen, turnRows } from './symmetric-eigen';
import { subtractRow } from './triangular';

/** A = U·diag(s)·Vᵀ, with as many singular values as the lesser extent. */
export interface SingularValues {
  /** In descending order. */
  readonly values: Float64Array;
  /** Row i is column i of U; with further rows that complete the basis, if wanted. */
  readonly left: Float64Array;
  /** Row i is column i of V, likewise. */
  readonly right: Float64Array;
}

/** Two columns count as orthogonal if the cosine of their angle is below this. What is left has no digit in float32: errors are the square of it for the values. */
const ORTHOGONAL = 1e-10;
/** Sweeps. Five to ten are usual; the bound only ends what cannot go on. */
const MOST_SWEEPS = 60;

/**
 * The singular value decomposition of an m × n matrix, by one-sided Jacobi rotations (Hestenes, "Inversion of matrices by biorthogonalization", 1958): columns are turned
 * in pairs until all are orthogonal. Their lengths are the singular values, the small ones as accurate as the large ones (Demmel and Veselić, "Jacobi's method is
 * more accurate than QR", 1992). The eigenvectors of AᵀA come first: they are inaccurate where values are small, but leave two sweeps of ten. null if an element is not finite.
 *
 * @param isFull completes the bases U and V
 */
export function singularValues(
  x: Float32Array,
  m: number,
  n: number,
  isFull: boolean,
): SingularValues | null {
  if (!x.every(Number.isFinite)) return null;
  if (m < n) {
    // The columns of the transpose are the rows of x.
    const { values, left, right } = turned(Float64Array.from(x), n, m, isFull);
    return { values, left: right, right: left };
  }
  const columns = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) columns[j * m + i] = x[i * n + j]!;
  return turned(columns, m, n, isFull);
}

/** n columns of m ≥ n elements each, as rows of x. */
function turned(x: Float64Array, m: number, n: number, isFull: boolean): SingularValues {
  const right = eigenvectorsOfProducts(x, m, n);
  const w = new Float64Array(m * n);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < n; k++) subtractRow(w, i * m, k * m, -right[i * n + k]!, m, x);
  const squares = new Float64Array(n);
  for (let sweep = 0, isDone = n === 0; !isDone && sweep < MOST_SWEEPS; sweep++) {
    for (let i = 0; i < n; i++) squares[i] = product(w, i * m, i * m, m);
    isDone = true;
    for (let p = 0; p < n - 1; p++) {
      // The longest of what is left comes first (de Rijk 1989): it takes fewer sweeps, and sorts.
      let longest = p;
      for (let q = p + 1; q < n; q++) if (squares[q]! > squares[longest]!) longest = q;
      if (longest !== p) {
        swapRows(w, p * m, longest * m, m);
        swapRows(right, p * n, longest * n, n);
        [squares[p], squares[longest]] = [squares[longest]!, squares[p]!];
      }
      for (let q = p + 1; q < n; q++) {
        const inner = product(w, p * m, q * m, m);
        if (!(Math.abs(inner) > ORTHOGONAL * Math.sqrt(squares[p]! * squares[q]!))) continue;
        isDone = false;
        const zeta = (squares[q]! - squares[p]!) / (2 * inner);
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta));
        const c = 1 / Math.hypot(1, t);
        turnRows(w, p * m, q * m, c, c * t, m);
        turnRows(right, p * n, q * n, c, c * t, n);
        squares[p]! -= t * inner;
        squares[q] = Math.max(0, squares[q]! + t * inner);
      }
    }
  }
  return sorted(w, right, m, n, isFull);
}

/** The eigenvectors of the products of all columns, as rows. */
function eigenvectorsOfProducts(x: Float64Array, m: number, n: number): Float64Array {
  const products = new Float64Array(n * n);
  for (let i = 0; i < n; i++) for (let j = 0; j <= i; j++) products[i * n + j] = product(x, i * m, j * m, m);
  return symmetricEigen(products, n)!.vectors;
}

function sorted(w: Float64Array, right: Float64Array, m: number, n: number, isFull: boolean): SingularValues {
  const lengths = Array.from({ length: n }, (_, i) => Math.sqrt(product(w, i * m, i * m, m)));
  const order = lengths.map((_, i) => i).sort((i, j) => lengths[j]! - lengths[i]!);
  const values = Float64Array.from(order, (i) => lengths[i]!);
  const left = new Float64Array((isFull ? m : n) * m);
  const v = new Float64Array(n * n);
  let rank = 0;
  order.forEach((from, to) => {
    v.set(right.subarray(from * n, (from + 1) * n), to * n);
    if (values[to] === 0) return;
    rank++;
    for (let j = 0; j < m; j++) left[to * m + j] = w[from * m + j]! / values[to]!;
  });
  complete(left, rank, m);
  return { values, left, right: v };
}

function product(x: Float64Array, a: number, b: number, length: number): number {
  let sum = 0;
  for (let j = 0; j < length; j++) sum += x[a + j]! * x[b + j]!;
  return sum;
}

/** Fills the rows from `known` on with vectors of length 1 that are orthogonal to all before: of the unit vectors, each time that of which most is left. */
function complete(rows: Float64Array, known: number, m: number): void {
  const left = new Float64Array(m).fill(1);
  const count = rows.length / Math.max(1, m);
  for (let i = 0; i < count; i++) {
    const at = i * m;
    if (i >= known) {
      let unit = 0;
      for (let j = 1; j < m; j++) if (left[j]! > left[unit]!) unit = j;
      rows[at + unit] = 1;
      // Twice is enough (Kahan, in Parlett, "The symmetric eigenvalue problem", 6.9).
      for (let again = 0; again < 2; again++) {
        for (let k = 0; k < i; k++) {
          const part = product(rows, at, k * m, m);
          for (let j = 0; j < m; j++) rows[at + j]! -= part * rows[k * m + j]!;
        }
        const length = Math.sqrt(product(rows, at, at, m));
        for (let j = 0; j < m; j++) rows[at + j]! /= length;
      }
    }
    for (let j = 0; j < m; j++) left[j]! -= rows[at + j]! ** 2;
  }
}
