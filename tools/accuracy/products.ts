/** The rows of sums, products and ops made of them. */
import * as ops from '../../src/tensor/ops';
import { each, summed, uniform, type ProductRow, type Wanted } from './row';

const MILLION = 1_000_000;
const [M, K, N] = [96, 1024, 64];
const [SIDE, IN, OUT] = [16, 32, 24];

const matMulExact = (a: Float32Array, b: Float32Array): Wanted =>
  each(M * N, (i) => {
    const row = Math.floor(i / N);
    return summed(K, (k) => a[row * K + k]! * b[k * N + (i % N)]!);
  });

/** A term of the convolution: the input channel that it reads, and the weight at its place in the window. */
interface Tap {
  readonly input: number;
  readonly weight: number;
}

/** A 3 × 3 convolution with 'same' padding. `taps` gives the terms of an output channel, `step` the number of weights at a place. */
function convolution(
  outChannels: number,
  taps: (out: number) => readonly Tap[],
  step: number,
): (x: Float32Array, w: Float32Array) => Wanted {
  return (x, w) =>
    each(SIDE * SIDE * outChannels, (i) => {
      const [row, column] = [Math.floor(i / outChannels / SIDE), Math.floor(i / outChannels) % SIDE];
      const read = taps(i % outChannels);
      return summed(9 * read.length, (k) => {
        const place = Math.floor(k / read.length);
        const [y, left] = [row + Math.floor(place / 3) - 1, column + (place % 3) - 1];
        if (y < 0 || y >= SIDE || left < 0 || left >= SIDE) return 0;
        const { input, weight } = read[k % read.length]!;
        return x[(y * SIDE + left) * IN + input]! * w[place * step + weight]!;
      });
    });
}

const image = uniform([1, SIDE, SIDE, IN], -1, 1);

function logSumExpOf(x: Float32Array, from: number, count: number): number {
  const most = x.subarray(from, from + count).reduce((a, b) => Math.max(a, b));
  return most + Math.log(summed(count, (k) => Math.exp(x[from + k]! - most))[0]);
}

function varianceOf(x: Float32Array): number {
  const mean = summed(x.length, (k) => x[k]!)[0] / x.length;
  return summed(x.length, (k) => (x[k]! - mean) ** 2)[0] / x.length;
}

const spread = uniform([64, 1000], -40, 40);
const offset = uniform([100_000], 99, 101);

export const productRows: readonly ProductRow[] = [
  {
    name: 'sum',
    of: '10⁶ numbers in [−1, 1], relative to Σ\\|x\\|',
    inputs: [uniform([MILLION], -1, 1)],
    f: (x) => ops.sum(x),
    exact: (x) => each(1, () => summed(x.length, (k) => x[k]!)),
  },
  {
    name: 'sum',
    of: '10⁶ positive numbers',
    inputs: [uniform([MILLION], 0, 1)],
    f: (x) => ops.sum(x),
    exact: (x) => each(1, () => summed(x.length, (k) => x[k]!)),
  },
  {
    name: 'sum',
    of: 'the columns of 1000 × 300',
    inputs: [uniform([1000, 300], 0, 1)],
    f: (x) => ops.sum(x, 0),
    exact: (x) => each(300, (i) => summed(1000, (k) => x[k * 300 + i]!)),
  },
  {
    name: 'mean',
    of: '10⁵ numbers around 100',
    inputs: [offset],
    f: (x) => ops.mean(x),
    exact: (x) => each(1, () => [summed(x.length, (k) => x[k]!)[0] / x.length]),
  },
  {
    name: 'moments, variance',
    of: '10⁵ numbers around 100, of variance 1/3',
    inputs: [offset],
    f: (x) => ops.moments(x).variance,
    exact: (x) => each(1, () => [varianceOf(x)]),
  },
  {
    name: 'prod',
    of: 'rows of 1000 numbers in [0.9, 1.1]',
    inputs: [uniform([20, 1000], 0.9, 1.1)],
    f: (x) => ops.prod(x, 1),
    exact: (x) => each(20, (i) => [x.subarray(i * 1000, i * 1000 + 1000).reduce((a, b) => a * b, 1)]),
  },
  {
    name: 'norm',
    of: '10⁵ numbers around 100',
    inputs: [offset],
    f: (x) => ops.norm(x),
    exact: (x) => each(1, () => [Math.sqrt(summed(x.length, (k) => x[k]! ** 2)[0])]),
  },
  {
    name: 'logSumExp',
    of: 'rows of 1000 numbers in [−40, 40]',
    inputs: [spread],
    f: (x) => ops.logSumExp(x, 1),
    exact: (x) => each(64, (i) => [logSumExpOf(x, i * 1000, 1000)]),
  },
  {
    name: 'softmax',
    of: 'rows of 1000 numbers in [−40, 40]',
    inputs: [spread],
    f: (x) => ops.softmax(x),
    exact: (x) => each(64_000, (i) => [Math.exp(x[i]! - logSumExpOf(x, i - (i % 1000), 1000))]),
  },
  {
    name: 'logSoftmax',
    of: 'rows of 1000 numbers in [−40, 40]',
    inputs: [spread],
    f: (x) => ops.logSoftmax(x),
    exact: (x) =>
      each(64_000, (i) => {
        const total = logSumExpOf(x, i - (i % 1000), 1000);
        return [x[i]! - total, Math.abs(x[i]!) + Math.abs(total)];
      }),
  },
  {
    name: 'cumsum',
    of: '10⁴ numbers in [−1, 1], relative to Σ\\|x\\|',
    inputs: [uniform([10_000], -1, 1)],
    f: (x) => ops.cumsum(x),
    exact: (x) => each(x.length, (i) => summed(i + 1, (k) => x[k]!)),
  },
  {
    name: 'cumprod',
    of: '1000 numbers in [0.9, 1.1]',
    inputs: [uniform([1000], 0.9, 1.1)],
    f: (x) => ops.cumprod(x),
    exact: (x) => each(x.length, (i) => [x.subarray(0, i + 1).reduce((a, b) => a * b, 1)]),
  },
  {
    name: 'matMul',
    of: `${M} × ${K} · ${K} × ${N}, numbers in [−1, 1], relative to Σ\\|a·b\\|`,
    inputs: [uniform([M, K], -1, 1), uniform([K, N], -1, 1)],
    f: (a, b) => ops.matMul(a, b),
    exact: matMulExact,
  },
  {
    name: 'matMul',
    of: `${M} × ${K} · ${K} × ${N}, positive numbers`,
    inputs: [uniform([M, K], 0, 1), uniform([K, N], 0, 1)],
    f: (a, b) => ops.matMul(a, b),
    exact: matMulExact,
  },
  {
    name: 'conv2d',
    of: `3 × 3 over ${IN} channels, numbers in [−1, 1], relative to Σ\\|x·w\\|`,
    inputs: [image, uniform([3, 3, IN, OUT], -1, 1)],
    f: (x, w) => ops.conv2d(x, w, 1, 'same'),
    exact: convolution(
      OUT,
      (out) => Array.from({ length: IN }, (_, input) => ({ input, weight: input * OUT + out })),
      IN * OUT,
    ),
  },
  {
    name: 'depthwiseConv2d',
    of: '3 × 3, numbers in [−1, 1], relative to Σ\\|x·w\\|',
    inputs: [image, uniform([3, 3, IN, 1], -1, 1)],
    f: (x, w) => ops.depthwiseConv2d(x, w, 1, 'same'),
    exact: convolution(IN, (out) => [{ input: out, weight: out }], IN),
  },
  {
    name: 'avgPool',
    of: '4 × 4, numbers in [−1, 1], relative to the mean of \\|x\\|',
    inputs: [image],
    f: (x) => ops.avgPool(x, 4, 4, 'valid'),
    exact: (x) =>
      each((SIDE / 4) ** 2 * IN, (i) => {
        const [channel, pixel] = [i % IN, Math.floor(i / IN)];
        const [row, column] = [Math.floor(pixel / (SIDE / 4)) * 4, (pixel % (SIDE / 4)) * 4];
        const at = (k: number): number =>
          x[((row + (k >> 2)) * SIDE + column + (k & 3)) * IN + channel]! / 16;
        return summed(16, at);
      }),
  },
  {
    name: 'batchNorm',
    of: `${SIDE * SIDE} × ${IN}, relative to \\|x·scale/σ\\| + \\|mean·scale/σ\\| + \\|offset\\|`,
    inputs: [image, uniform([IN], -1, 1), uniform([IN], 0.1, 2), uniform([IN], -1, 1), uniform([IN], -2, 2)],
    f: (x, mean, variance, shift, scale) => ops.batchNorm(x, mean, variance, shift, scale, 0.001),
    exact: (x, mean, variance, shift, scale) =>
      each(x.length, (i) => {
        const c = i % IN;
        const by = scale[c]! / Math.sqrt(variance[c]! + 0.001);
        const size = (Math.abs(x[i]!) + Math.abs(mean[c]!)) * Math.abs(by) + Math.abs(shift[c]!);
        return [(x[i]! - mean[c]!) * by + shift[c]!, size];
      }),
  },
  {
    name: 'localResponseNormalization',
    of: `over ${IN} channels, 5 on each side`,
    inputs: [image],
    f: (x) => ops.localResponseNormalization(x, 5, 1, 0.5, 0.75),
    exact: (x) =>
      each(x.length, (i) => {
        const c = i % IN;
        const from = Math.max(c - 5, 0);
        const count = Math.min(c + 5, IN - 1) - from + 1;
        const [squares] = summed(count, (k) => x[i - c + from + k]! ** 2);
        return [x[i]! / (1 + 0.5 * squares) ** 0.75];
      }),
  },
];
