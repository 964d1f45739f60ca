import { offsetOf, withScratch } from '../backend';
import { applyRest, finishOf } from './activation';
import type { SimdKernel } from './simd-kernel';

export const matMul: SimdKernel<'matMul'> = (simd, plain) => (backend, inputs, outputs, attributes) => {
  const [left, right, bias] = inputs;
  const output = outputs[0]!;
  const { transposeA, transposeB, activation, alpha } = attributes;
  const [batch, m, n] = output.shape as [number, number, number];
  const k = left!.shape[transposeA ? 1 : 2]!;
  if (left!.dtype !== 'float32' || batch * m * n * k === 0) {
    plain(backend, inputs, outputs, attributes);
    return;
  }
  const finish = finishOf(activation);
  const aStep = left!.shape[0] === 1 ? 0 : m * k * 4;
  const bStep = right!.shape[0] === 1 ? 0 : k * n * 4;
  withScratch(backend, simd.matMulScratch(m, n, k, transposeA) >>> 0, (scratch) => {
    let a = offsetOf(left!);
    let b = offsetOf(right!);
    let c = offsetOf(output);
    const biasOffset = bias ? offsetOf(bias) : 0;
    for (let index = 0; index < batch; index++, a += aStep, b += bStep, c += m * n * 4) {
      simd.matMul(a, transposeA, b, transposeB, c, m, n, k, biasOffset, finish.low, finish.high, scratch);
    }
  });
  applyRest(simd, finish, offsetOf(output), batch * m * n, alpha);
};
