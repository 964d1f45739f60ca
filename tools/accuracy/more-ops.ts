/** The rows of rxtensor/ops: one for each family that computes with floats. */
import { attention, cholesky, conv3d, eigh, quantile, solve, svd, unsortedSegmentMean } from '../../src/ops';
import type { Tensor5D } from '../../src/tensor';
import { each, summed, uniform, type Input, type ProductRow, type Wanted } from './row';

const [DEPTH, SIDE, IN, OUT] = [6, 8, 16, 12];
const [QUERIES, WIDTH] = [300, 32];
const N = 48;

/** A matrix by its elements. */
function matrix(rows: number, columns: number, at: (row: number, column: number) => number): Input {
  const values = Float32Array.from({ length: rows * columns }, (_, i) =>
    at(Math.floor(i / columns), i % columns),
  );
  return { shape: [rows, columns], values };
}

/** Second differences: the eigenvalues are 4·sin²(kπ/(2(n + 1))) (Strang, "The discrete cosine transform", 1999). */
const secondDifferences = matrix(N, N, (i, j) => (i === j ? 2 : Math.abs(i - j) === 1 ? -1 : 0));
/** Differences: the singular values are 2·sin(kπ/(2(n + 1))), since the product of their transpose with them is that of second differences. */
const differences = matrix(N + 1, N, (i, j) => (i === j ? 1 : i === j + 1 ? -1 : 0));
const sine = (k: number): number => 2 * Math.sin((k * Math.PI) / (2 * (N + 1)));

/** The Cholesky factor in float64. */
function factorOf(a: Float32Array, n: number): Float64Array {
  const l = new Float64Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j <= i; j++) {
      const rest = a[i * n + j]! - summed(j, (k) => l[i * n + k]! * l[j * n + k]!)[0];
      l[i * n + j] = i === j ? Math.sqrt(rest) : rest / l[j * n + j]!;
    }
  return l;
}

/** A symmetric matrix whose diagonal is greater than the rest of each row. */
const random = uniform([N, N], -1, 1).values;
const definite = matrix(N, N, (i, j) => (i === j ? N : random[Math.max(i, j) * N + Math.min(i, j)]!));

/** Solves A·x = b for a symmetric A in float64, by its Cholesky factor. */
function solutionOf(a: Float32Array, b: Float32Array): Float64Array {
  const l = factorOf(a, N);
  const x = Float64Array.from(b);
  for (let i = 0; i < N; i++) x[i] = (x[i]! - summed(i, (k) => l[i * N + k]! * x[k]!)[0]) / l[i * N + i]!;
  for (let i = N - 1; i >= 0; i--) {
    const [later] = summed(N - 1 - i, (k) => l[(i + 1 + k) * N + i]! * x[i + 1 + k]!);
    x[i] = (x[i]! - later) / l[i * N + i]!;
  }
  return x;
}

export const moreOpRows: readonly ProductRow[] = [
  {
    name: 'conv3d',
    of: `3 × 3 × 3 over ${IN} channels, numbers in [−1, 1], relative to Σ\\|x·w\\|`,
    inputs: [uniform([1, DEPTH, SIDE, SIDE, IN], -1, 1), uniform([3, 3, 3, IN, OUT], -1, 1)],
    f: (x, w) => conv3d(x as Tensor5D, w as Tensor5D, 1, 'same'),
    exact: (x, w) =>
      each(DEPTH * SIDE * SIDE * OUT, (i) => {
        const [out, pixel] = [i % OUT, Math.floor(i / OUT)];
        const place = [
          Math.floor(pixel / SIDE / SIDE),
          Math.floor(pixel / SIDE) % SIDE,
          pixel % SIDE,
        ] as const;
        return summed(27 * IN, (k) => {
          const [input, tap] = [k % IN, Math.floor(k / IN)];
          const z = place[0] + Math.floor(tap / 9) - 1;
          const y = place[1] + (Math.floor(tap / 3) % 3) - 1;
          const left = place[2] + (tap % 3) - 1;
          if (Math.min(z, y, left) < 0 || z >= DEPTH || y >= SIDE || left >= SIDE) return 0;
          return x[((z * SIDE + y) * SIDE + left) * IN + input]! * w[k * OUT + out]!;
        });
      }),
  },
  {
    name: 'attention',
    of: `${QUERIES} positions of width ${WIDTH}, causal, numbers in [−1, 1], relative to Σ weight·\\|value\\|`,
    inputs: [
      uniform([QUERIES, WIDTH], -1, 1),
      uniform([QUERIES, WIDTH], -1, 1),
      uniform([QUERIES, WIDTH], -1, 1),
    ],
    f: (q, k, v) => attention(q, k, v, { causal: true }),
    exact: (q: Float32Array, k: Float32Array, v: Float32Array): Wanted => {
      const weightsOf = (row: number): number[] => {
        const scores = Array.from(
          { length: row + 1 },
          (_, key) => summed(WIDTH, (j) => q[row * WIDTH + j]! * k[key * WIDTH + j]!)[0] / Math.sqrt(WIDTH),
        );
        const exponentials = scores.map((score) => Math.exp(score));
        const [total] = summed(exponentials.length, (key) => exponentials[key]!);
        return exponentials.map((value) => value / total);
      };
      const weights = Array.from({ length: QUERIES }, (_, row) => weightsOf(row));
      return each(QUERIES * WIDTH, (i) => {
        const own = weights[Math.floor(i / WIDTH)]!;
        return summed(own.length, (key) => own[key]! * v[key * WIDTH + (i % WIDTH)]!);
      });
    },
  },
  {
    name: 'cholesky',
    of: `${N} × ${N}, diagonally dominant, relative to the greatest element of the factor`,
    inputs: [definite],
    f: (a) => cholesky(a),
    exact: (a: Float32Array): Wanted => {
      const l = factorOf(a, N);
      const most = l.reduce((x, y) => Math.max(x, Math.abs(y)));
      return each(N * N, (i) => [l[i]!, most]);
    },
  },
  {
    name: 'solve',
    of: `${N} × ${N}, diagonally dominant, relative to the greatest element of the solution`,
    inputs: [definite, uniform([N, 1], -1, 1)],
    f: (a, b) => solve(a, b),
    exact: (a: Float32Array, b: Float32Array): Wanted => {
      const x = solutionOf(a, b);
      const most = x.reduce((y, z) => Math.max(y, Math.abs(z)), 0);
      return each(N, (i) => [x[i]!, most]);
    },
  },
  {
    name: 'eigh, values',
    of: `second differences of ${N} numbers`,
    inputs: [secondDifferences],
    f: (a) => eigh(a).values,
    exact: () => each(N, (i) => [sine(i + 1) ** 2]),
  },
  {
    name: 'svd, values',
    of: `differences of ${N} numbers`,
    inputs: [differences],
    f: (a) => svd(a).s,
    exact: () => each(N, (i) => [sine(N - i)]),
  },
  {
    name: 'quantile',
    of: '10⁴ numbers in [1, 2], at 0.1, 0.5 and 0.99',
    inputs: [uniform([10_000], 1, 2)],
    f: (x) => quantile(x, [0.1, 0.5, 0.99]),
    exact: (x: Float32Array): Wanted => {
      const sorted = x.slice().sort();
      return each(3, (i) => {
        const index = [0.1, 0.5, 0.99][i]! * (sorted.length - 1);
        const [lower, upper] = [sorted[Math.floor(index)]!, sorted[Math.ceil(index)]!];
        return [lower + (upper - lower) * (index % 1)];
      });
    },
  },
  {
    name: 'unsortedSegmentMean',
    of: '10⁴ numbers in [−1, 1] in 100 segments, relative to the mean of \\|x\\|',
    inputs: [
      uniform([10_000], -1, 1),
      { shape: [10_000], values: Float32Array.from({ length: 10_000 }, (_, i) => i % 100) },
    ],
    f: (x, ids) => unsortedSegmentMean(x, ids.cast('int32'), 100),
    exact: (x) =>
      each(100, (i) => {
        const [total, magnitude] = summed(100, (k) => x[k * 100 + i]!);
        return [total / 100, magnitude / 100];
      }),
  },
];
