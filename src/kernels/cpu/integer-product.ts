import type { TensorInfo } from '../backend';
import type { KernelAttributes } from '../kernel-table';
import { wordsOf, type CpuBackend } from './backend';

/** The matrix product of int32 batches, see the kernel `matMul`. It is exact; a sum out of range wraps modulo 2³². */
export function integerProduct(
  backend: CpuBackend,
  [left, right]: readonly TensorInfo[],
  output: TensorInfo,
  { transposeA, transposeB }: KernelAttributes['matMul'],
): void {
  const [batch, m, n] = output.shape as [number, number, number];
  const k = left!.shape[transposeA ? 1 : 2]!;
  const a = wordsOf(backend, left!);
  const b = wordsOf(backend, right!);
  const c = wordsOf(backend, output);
  const aBatch = left!.shape[0] === 1 ? 0 : m * k;
  const bBatch = right!.shape[0] === 1 ? 0 : k * n;
  const [aRow, aStep] = transposeA ? [1, m] : [k, 1];
  const [bStep, bColumn] = transposeB ? [1, k] : [n, 1];
  c.fill(0);
  for (let index = 0; index < batch; index++) {
    for (let i = 0; i < m; i++) {
      const row = (index * m + i) * n;
      for (let p = 0; p < k; p++) {
        const factor = a[index * aBatch + i * aRow + p * aStep]!;
        const from = index * bBatch + p * bStep;
        for (let j = 0; j < n; j++) c[row + j]! += Math.imul(factor, b[from + j * bColumn]!);
      }
    }
  }
}
