/**
 * The Cholesky factor of each of the n × n matrices of x, row by row (Golub & Van Loan, "Matrix computations", 4.2). Reads the lower triangles. Where a matrix is not
 * positive definite, its factor is NaN.
 */
export function choleskyFactors(x: Float32Array, factors: Float32Array, n: number): void {
  const l = new Float64Array(n * n);
  for (let at = 0; at < x.length; at += n * n) {
    if (factored(x.subarray(at, at + n * n), l, n)) factors.set(l, at);
    else factors.fill(NaN, at, at + n * n);
  }
}

/** Fills the lower triangle of l. Returns whether the matrix is positive definite. */
function factored(x: Float32Array, l: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    const row = i * n;
    for (let j = 0; j <= i; j++) {
      const other = j * n;
      let rest = x[row + j]!;
      for (let k = 0; k < j; k++) rest -= l[row + k]! * l[other + k]!;
      if (j < i) l[row + j] = rest / l[other + j]!;
      else if (rest > 0 && rest < Infinity) l[row + j] = Math.sqrt(rest);
      else return false;
    }
  }
  return true;
}
