import { expectClose } from '../../../test/support/close';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import { createCpuBackend } from './create';

const EPSILON = 0.01;
const float = (shape: number[], values: number[] = []): Operand => ({ shape, dtype: 'float32', values });

/** [rows, length]: whole SIMD vectors, remainders of 1 to 3, and more rows than are summed at once. */
const sizes: [number, number][] = [
  [1, 1],
  [7, 1],
  [3, 2],
  [2, 3],
  [5, 4],
  [4, 7],
  [64, 8],
  [65, 5],
  [200, 16],
  [3, 21],
  [0, 4],
];

for (const level of ['none', 'simd', 'auto'] as const) {
  const backend = createCpuBackend(level)!;

  describe(`batch normalization on the CPU, compiled: ${level}`, () => {
    for (const [rows, length] of sizes) {
      it(`of ${rows} rows of ${length}`, () => {
        const draw = createDraw(rows * 31 + length);
        const [x, dy] = [draw(rows * length, -2, 2), draw(rows * length, -2, 2)];
        const [mean, offset, scale] = [draw(length, -1, 1), draw(length, -1, 1), draw(length, -1, 1)];
        const variance = draw(length, 0.25, 4);
        const normalized = x.map(
          (v, i) => (v - mean[i % length]!) / Math.sqrt(variance[i % length]! + EPSILON),
        );
        const sumOver = (of: (i: number) => number): number[] =>
          mean.map((_, c) => x.reduce((sum, _, i) => (i % length === c ? sum + of(i) : sum), 0));

        const statistics = [mean, variance].map((values) => float([length], values));
        const affine = [offset, scale].map((values) => float([length], values));
        const images = float([rows, length], x);
        const [y] = runKernel(backend, 'batchNorm', [images, ...statistics, ...affine], [images], {
          epsilon: EPSILON,
        });
        const wanted = normalized.map((v, i) => v * scale[i % length]! + offset[i % length]!);
        expectClose(y!, { shape: [rows * length], values: wanted }, 1e-6);

        const inputs = [float([rows, length], dy), images, ...statistics];
        const sums = runKernel(backend, 'batchNormGradient', inputs, affine, { epsilon: EPSILON });
        expectClose(
          sums[0]!,
          sumOver((i) => dy[i]!),
          1e-5,
          'offset',
        );
        expectClose(
          sums[1]!,
          sumOver((i) => dy[i]! * normalized[i]!),
          1e-5,
          'scale',
        );
      });
    }
  });
}
