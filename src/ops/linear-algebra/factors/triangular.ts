/** Which triangle of a matrix counts, and whether the matrix is transposed. */
export interface Triangle {
  readonly lower: boolean;
  readonly adjoint: boolean;
}

/**
 * Solves triangular systems by substitution (Golub & Van Loan, "Matrix computations", 3.1): n × n matrices, and right-hand sides of n × m. Where the
 * diagonal has a 0, or the triangle an element that is not finite, the solution is NaN.
 */
export function triangularSolutions(
  matrices: Float32Array,
  sides: Float32Array,
  solutions: Float32Array,
  n: number,
  m: number,
  triangle: Triangle,
): void {
  const x = new Float64Array(n * m);
  const count = n * m === 0 ? 0 : sides.length / (n * m);
  for (let b = 0; b < count; b++) {
    const a = matrices.subarray(b * n * n, (b + 1) * n * n);
    const place = b * n * m;
    x.set(sides.subarray(place, place + n * m));
    if (substituted(a, x, n, m, triangle)) solutions.set(x, place);
    else solutions.fill(NaN, place, place + n * m);
  }
}

/** Turns the right-hand sides x into solutions. Returns whether the matrix is finite and invertible. */
function substituted(
  a: Float32Array,
  x: Float64Array,
  n: number,
  m: number,
  { lower, adjoint }: Triangle,
): boolean {
  const [rowStep, columnStep] = adjoint ? [1, n] : [n, 1];
  const isForward = lower !== adjoint;
  for (let step = 0; step < n; step++) {
    const i = isForward ? step : n - 1 - step;
    const pivot = a[i * (n + 1)]!;
    if (pivot === 0 || !Number.isFinite(pivot)) return false;
    const [first, end] = isForward ? [0, i] : [i + 1, n];
    for (let k = first; k < end; k++) {
      const factor = a[i * rowStep + k * columnStep]!;
      if (!Number.isFinite(factor)) return false;
      subtractRow(x, i * m, k * m, factor, m);
    }
    for (let j = i * m; j < (i + 1) * m; j++) x[j]! /= pivot;
  }
  return true;
}

/** Subtracts `factor` times the row at `from`, of the same array or another, from the row at `to`. */
export function subtractRow(
  x: Float64Array,
  to: number,
  from: number,
  factor: number,
  length: number,
  other = x,
): void {
  for (let j = 0; j < length; j++) x[to + j]! -= factor * other[from + j]!;
}
