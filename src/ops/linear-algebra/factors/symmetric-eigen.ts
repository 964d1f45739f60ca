/** Eigenvalues and eigenvectors of one symmetric matrix. */
export interface SymmetricEigen {
  /** In ascending order. */
  readonly values: Float64Array;
  /** Row i is the eigenvector of value i, of length 1. */
  readonly vectors: Float64Array;
}

/** Passes for each eigenvalue. Three are usual; the bound only ends what cannot go on. */
const MOST_PASSES = 60;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix, of which the lower triangle is read: Householder reflections to tridiagonal form, then QR steps with
 * Wilkinson's shifts (Golub & Van Loan, "Matrix computations", 8.3). null if an element is not finite.
 */
export function symmetricEigen(lower: Float32Array | Float64Array, n: number): SymmetricEigen | null {
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      const value = lower[i * n + j]!;
      if (!Number.isFinite(value)) return null;
      a[i * n + j] = a[j * n + i] = value;
    }
  }
  const { diagonal, beside, vectors } = tridiagonal(a, n);
  diagonalize(diagonal, beside, vectors, n);
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => diagonal[i]! - diagonal[j]!);
  const sorted = new Float64Array(n * n);
  order.forEach((from, to) => sorted.set(vectors.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors: sorted };
}

interface Tridiagonal {
  readonly diagonal: Float64Array;
  /** What is beside the diagonal. */
  readonly beside: Float64Array;
  /** Qᵀ of A = Q·T·Qᵀ. */
  readonly vectors: Float64Array;
}

/** Reflections, one for each column, from both sides. Overwrites a. */
function tridiagonal(a: Float64Array, n: number): Tridiagonal {
  const vectors = new Float64Array(n * n);
  for (let i = 0; i < n; i++) vectors[i * (n + 1)] = 1;
  const beside = new Float64Array(Math.max(0, n - 1));
  const scales = new Float64Array(n);
  const w = new Float64Array(n);
  for (let k = 0; k < n - 1; k++) {
    // The reflection I − scale·v·vᵀ takes what is right of the diagonal in row k to its first element; v replaces it in the row.
    const row = k * n;
    let rest = 0;
    for (let j = k + 2; j < n; j++) rest += a[row + j]! ** 2;
    const first = a[row + k + 1]!;
    if (rest === 0) {
      beside[k] = first;
      continue;
    }
    const length = Math.sqrt(first ** 2 + rest);
    const target = first > 0 ? -length : length;
    beside[k] = target;
    a[row + k + 1] = first - target;
    const scale = (scales[k] = 2 / ((first - target) ** 2 + rest));
    // A ← A − v·wᵀ − w·vᵀ with w = p − (scale·pᵀv/2)·v and p = scale·A·v.
    let inner = 0;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += a[i * n + j]! * a[row + j]!;
      w[i] = scale * sum;
      inner += w[i]! * a[row + i]!;
    }
    for (let i = k + 1; i < n; i++) w[i]! -= 0.5 * scale * inner * a[row + i]!;
    for (let i = k + 1; i < n; i++) {
      const [vi, wi] = [a[row + i]!, w[i]!];
      for (let j = k + 1; j < n; j++) a[i * n + j]! -= vi * w[j]! + wi * a[row + j]!;
    }
  }
  // Qᵀ from the last reflection to the first, so that each touches the rows and columns behind its own only.
  for (let k = n - 2; k >= 0; k--) {
    if (scales[k] === 0) continue;
    const v = k * n;
    for (let i = k + 1; i < n; i++) {
      let sum = 0;
      for (let j = k + 1; j < n; j++) sum += vectors[i * n + j]! * a[v + j]!;
      sum *= scales[k]!;
      for (let j = k + 1; j < n; j++) vectors[i * n + j]! -= sum * a[v + j]!;
    }
  }
  return { diagonal: Float64Array.from(w, (_, i) => a[i * (n + 1)]!), beside, vectors };
}

/** Makes a tridiagonal matrix diagonal, and turns the rows of `vectors` along. */
function diagonalize(d: Float64Array, e: Float64Array, vectors: Float64Array, n: number): void {
  let end = n - 1;
  let passes = 0;
  while (end > 0) {
    for (let i = 0; i < end; i++)
      if (Math.abs(e[i]!) <= Number.EPSILON * (Math.abs(d[i]!) + Math.abs(d[i + 1]!))) e[i] = 0;
    if (e[end - 1] === 0 || passes === MOST_PASSES) {
      end--;
      passes = 0;
      continue;
    }
    let first = end - 1;
    while (first > 0 && e[first - 1] !== 0) first--;
    step(d, e, vectors, n, first, end);
    passes++;
  }
}

/** One implicit QR step on the rows from `first` to `end`. */
function step(
  d: Float64Array,
  e: Float64Array,
  vectors: Float64Array,
  n: number,
  first: number,
  end: number,
): void {
  // Wilkinson's shift: the eigenvalue of the last 2 × 2 block that is nearer to its last element.
  const half = (d[end - 1]! - d[end]!) / 2;
  const last = e[end - 1]!;
  const shift = d[end]! - last ** 2 / (half + (half < 0 ? -1 : 1) * Math.hypot(half, last));
  let [x, z] = [d[first]! - shift, e[first]!];
  for (let k = first; k < end; k++) {
    const length = Math.hypot(x, z);
    const [c, s] = length === 0 ? [1, 0] : [x / length, -z / length];
    if (k > first) e[k - 1] = length;
    const [p, q, r] = [d[k]!, e[k]!, d[k + 1]!];
    d[k] = c * c * p - 2 * c * s * q + s * s * r;
    d[k + 1] = s * s * p + 2 * c * s * q + c * c * r;
    e[k] = c * s * (p - r) + (c * c - s * s) * q;
    if (k < end - 1) {
      x = e[k]!;
      z = -s * e[k + 1]!;
      e[k + 1]! *= c;
    }
    turnRows(vectors, k * n, (k + 1) * n, c, s, n);
  }
}

/** Turns two rows: a becomes c·a − s·b, and b becomes s·a + c·b. */
export function turnRows(x: Float64Array, a: number, b: number, c: number, s: number, length: number): void {
  for (let j = 0; j < length; j++) {
    const [p, q] = [x[a + j]!, x[b + j]!];
    x[a + j] = c * p - s * q;
    x[b + j] = s * p + c * q;
  }
}
