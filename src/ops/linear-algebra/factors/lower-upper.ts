import { subtractRow } from './triangular';

/** P·A = L·U, in one array: L without its diagonal of ones. */
export interface LowerUpper {
  readonly n: number;
  readonly values: Float64Array;
  /** Row i of P·A is row rows[i] of A. */
  readonly rows: Int32Array;
  /** 1 or −1: the determinant of P. 0: the matrix is singular, NaN: it is not finite; then the rest is undefined. */
  readonly sign: number;
}

/** Factors a matrix, or its transpose, by elimination with partial pivoting (Golub & Van Loan, "Matrix computations", 3.4). */
export function lowerUpper(a: Float32Array, n: number, isTransposed = false): LowerUpper {
  const values = Float64Array.from(a);
  if (isTransposed) {
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) values[i * n + j] = a[j * n + i]!;
  }
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  if (!values.every(Number.isFinite)) return { n, values, rows, sign: NaN };
  let sign = 1;
  for (let k = 0; k < n; k++) {
    let pivot = k;
    for (let i = k + 1; i < n; i++)
      if (Math.abs(values[i * n + k]!) > Math.abs(values[pivot * n + k]!)) pivot = i;
    if (values[pivot * n + k] === 0) return { n, values, rows, sign: 0 };
    if (pivot !== k) {
      swapRows(values, k * n, pivot * n, n);
      swapRows(rows, k, pivot, 1);
      sign = -sign;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = (values[i * n + k]! /= values[k * n + k]!);
      subtractRow(values, i * n + k + 1, k * n + k + 1, factor, n - k - 1);
    }
  }
  return { n, values, rows, sign };
}

/** Swaps what lies at a and at b. */
export function swapRows(x: Float64Array | Int32Array, a: number, b: number, length: number): void {
  for (let j = 0; j < length; j++) [x[a + j], x[b + j]] = [x[b + j]!, x[a + j]!];
}

/** The solution X of A·X = B, n × m. */
export function solutionOf({ n, values, rows }: LowerUpper, b: ArrayLike<number>, m: number): Float64Array {
  const x = new Float64Array(n * m);
  for (let i = 0; i < n; i++) for (let j = 0; j < m; j++) x[i * m + j] = b[rows[i]! * m + j]!;
  for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) subtractRow(x, i * m, k * m, values[i * n + k]!, m);
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) subtractRow(x, i * m, k * m, values[i * n + k]!, m);
    for (let j = i * m; j < (i + 1) * m; j++) x[j]! /= values[i * (n + 1)]!;
  }
  return x;
}

/** 2^512: the product of two numbers that are nearer to 1 than this, or its inverse, stays within float64. */
const FAR = 2 ** 512;

/** The determinant of A. The product of the pivots keeps its power of FAR apart, so that large pivots may follow small ones. */
export function determinantOf({ n, values, sign }: LowerUpper): number {
  let product = sign;
  let power = 0;
  for (let i = 0; i < n && product !== 0; i++) {
    product *= values[i * (n + 1)]!;
    if (Math.abs(product) > FAR) {
      product /= FAR;
      power++;
    } else if (Math.abs(product) < 1 / FAR) {
      product *= FAR;
      power--;
    }
  }
  return product * FAR ** power;
}
