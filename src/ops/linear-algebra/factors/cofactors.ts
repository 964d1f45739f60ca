import { swapRows } from './lower-upper';
import { subtractRow } from './triangular';

/**
 * The cofactors of an n × n matrix, that is the transposed adjugate, which a singular matrix has, too. With P·A·Q = L·U by complete pivoting (Golub & Van Loan,
 * "Matrix computations", 3.4.8), U ends in the least pivot ε, and with U = [V u; 0 ε] its adjugate is |V|·[εV⁻¹ −V⁻¹u; 0 1]: nothing is divided by ε. The
 * adjugate of A is |P|·|Q|·Q·adj(U)·L⁻¹·P.
 */
export function cofactorsOf(a: Float32Array, n: number): Float64Array {
  const cofactors = new Float64Array(n * n);
  if (!a.every(Number.isFinite)) return cofactors.fill(NaN);
  const factors = factored(Float64Array.from(a), n);
  if (factors === null) return cofactors;
  const { values: lu, rows, columns, sign } = factors;
  // L⁻¹, and then adj(U)·L⁻¹, row by row.
  const x = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    x[i * (n + 1)] = 1;
    for (let k = 0; k < i; k++) subtractRow(x, i * n, k * n, lu[i * n + k]!, n);
  }
  const last = n - 1;
  let determinant = sign;
  for (let i = 0; i < last; i++) determinant *= lu[i * (n + 1)]!;
  for (let j = last * n; j < n * n; j++) x[j]! *= determinant;
  const least = lu[n * n - 1]!;
  for (let i = last - 1; i >= 0; i--) {
    for (let j = i * n; j < (i + 1) * n; j++) x[j]! *= determinant * least;
    for (let k = i + 1; k < n; k++) subtractRow(x, i * n, k * n, lu[i * n + k]!, n);
    for (let j = i * n; j < (i + 1) * n; j++) x[j]! /= lu[i * (n + 1)]!;
  }
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++) cofactors[rows[j]! * n + columns[i]!] = x[i * n + j]!;
  return cofactors;
}

interface CompletelyPivoted {
  readonly values: Float64Array;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
  readonly sign: number;
}

/** null where the rank is below n − 1: all cofactors are 0 then. */
function factored(values: Float64Array, n: number): CompletelyPivoted | null {
  const rows = Int32Array.from({ length: n }, (_, i) => i);
  const columns = rows.slice();
  let sign = 1;
  for (let k = 0; k < n - 1; k++) {
    let [row, column] = [k, k];
    for (let i = k; i < n; i++) {
      for (let j = k; j < n; j++)
        if (Math.abs(values[i * n + j]!) > Math.abs(values[row * n + column]!)) [row, column] = [i, j];
    }
    if (values[row * n + column] === 0) return null;
    if (row !== k) {
      swapRows(values, k * n, row * n, n);
      swapRows(rows, k, row, 1);
      sign = -sign;
    }
    if (column !== k) {
      for (let i = 0; i < n * n; i += n) swapRows(values, i + k, i + column, 1);
      swapRows(columns, k, column, 1);
      sign = -sign;
    }
    for (let i = k + 1; i < n; i++) {
      const factor = (values[i * n + k]! /= values[k * (n + 1)]!);
      subtractRow(values, i * n + k + 1, k * n + k + 1, factor, n - k - 1);
    }
  }
  return { values, rows, columns, sign };
}
