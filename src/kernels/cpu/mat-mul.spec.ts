import { begunAnew } from '../../../test/support/begun-anew';
import { createDraw, runKernel, type Operand } from '../../../test/support/run-kernel';
import { expectSums, sums } from '../../../test/support/sums';
import { sizeOf } from '../strides';
import { createCpuBackend } from './create';

const backend = createCpuBackend('none')!;
const draw = begunAnew(() => createDraw(17));

describe('the matMul kernel', () => {
  it('transposes either operand and repeats a batch of one', () => {
    const [m, k, n] = [5, 7, 6];
    for (const [aBatch, bBatch] of [
      [1, 1],
      [3, 3],
      [1, 3],
      [3, 1],
    ] as const) {
      for (const transposeA of [false, true]) {
        for (const transposeB of [false, true]) {
          const random = (shape: readonly number[]): Operand => ({
            shape,
            dtype: 'float32',
            values: draw(sizeOf(shape), -1, 1),
          });
          const a = random(transposeA ? [aBatch, k, m] : [aBatch, m, k]);
          const b = random(transposeB ? [bBatch, n, k] : [bBatch, k, n]);
          const bias = random([n]);
          const y = { shape: [Math.max(aBatch, bBatch), m, n], dtype: 'float32' } as const;
          const wanted = sums(y.shape, ([batch, i, j], add) => {
            add(bias.values[j!]!);
            const aStart = aBatch === 1 ? 0 : batch! * m * k;
            const bStart = bBatch === 1 ? 0 : batch! * k * n;
            for (let p = 0; p < k; p++) {
              const left = a.values[aStart + (transposeA ? p * m + i! : i! * k + p)]!;
              add(left * b.values[bStart + (transposeB ? j! * k + p : p * n + j!)]!);
            }
          });
          const attributes = { transposeA, transposeB, activation: 'relu', alpha: 0 } as const;
          expectSums(runKernel(backend, 'matMul', [a, b, bias], [y], attributes)[0]!, wanted, {
            context: `batches ${aBatch} and ${bBatch}, transposed ${transposeA} and ${transposeB}`,
            finish: (sum) => Math.max(sum, 0),
          });
        }
      }
    }
  });
});
