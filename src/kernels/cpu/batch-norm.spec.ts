import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import { expectSums, sums, type Sums } from '../../../test/support/sums';
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
        const slope = variance.map((v) => 1 / Math.sqrt(v + EPSILON));

        const statistics = [mean, variance].map((values) => float([length], values));
        const affine = [offset, scale].map((values) => float([length], values));
        const images = float([rows, length], x);
        const [y] = runKernel(backend, 'batchNorm', [images, ...statistics, ...affine], [images], {
          epsilon: EPSILON,
        });
        // A difference, a slope of three operations, and their product: as many roundings of each term.
        const roundings = 5;
        const wanted = sums([rows, length], ([row, c], add) => {
          const steep = slope[c!]! * scale[c!]!;
          add(x[row! * length + c!]! * steep);
          add(-mean[c!]! * steep);
          add(offset[c!]!);
        });
        expectSums(y!, wanted, { roundings });

        const inputs = [float([rows, length], dy), images, ...statistics];
        const found = runKernel(backend, 'batchNormGradient', inputs, affine, { epsilon: EPSILON });
        const sumOver = (addTerms: (i: number, c: number, add: (term: number) => void) => void): Sums =>
          sums([length], ([c], add) => {
            for (let row = 0; row < rows; row++) addTerms(row * length + c!, c!, add);
          });
        const offsets = sumOver((i, _, add) => add(dy[i]!));
        expectSums(found[0]!, offsets, { context: 'offset' });
        const scales = sumOver((i, c, add) => {
          add(dy[i]! * x[i]! * slope[c]!);
          add(-dy[i]! * mean[c]! * slope[c]!);
        });
        expectSums(found[1]!, scales, { context: 'scale', roundings });
      });
    }
  });
}
