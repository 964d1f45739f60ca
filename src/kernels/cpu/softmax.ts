import type { Kernel } from '../kernel-table';
import { floatsOf, type CpuBackend } from './backend';

/** Subtracts the row's greatest element, so that exp cannot overflow. A NaN makes its row NaN, as does a greatest element of ±∞. */
export const softmax: Kernel<CpuBackend, 'softmax'> = (backend, [logits], [output], attributes) => {
  const { outer, extent, logarithm } = attributes;
  const x = floatsOf(backend, logits!);
  const y = floatsOf(backend, output!);
  for (let row = 0; row < outer; row++) {
    const from = row * extent;
    const to = from + extent;
    let greatest = -Infinity;
    for (let i = from; i < to; i++) if (x[i]! > greatest) greatest = x[i]!;
    let sum = 0;
    if (logarithm) {
      for (let i = from; i < to; i++) sum += Math.exp(x[i]! - greatest);
      const logSum = Math.log(sum);
      for (let i = from; i < to; i++) y[i] = x[i]! - greatest - logSum;
    } else {
      for (let i = from; i < to; i++) {
        const power = Math.exp(x[i]! - greatest);
        y[i] = power;
        sum += power;
      }
      const scale = 1 / sum;
      for (let i = from; i < to; i++) y[i]! *= scale;
    }
  }
};

/** dx = y·(dy − Σ dy·y). For the logarithm dx = dy − eʸ·Σ dy, since eʸ is the softmax. */
export const softmaxGradient: Kernel<CpuBackend, 'softmaxGradient'> = (
  backend,
  [result, gradient],
  [output],
  { outer, extent, logarithm },
) => {
  const y = floatsOf(backend, result!);
  const dy = floatsOf(backend, gradient!);
  const dx = floatsOf(backend, output!);
  for (let row = 0; row < outer; row++) {
    const from = row * extent;
    const to = from + extent;
    let sum = 0;
    if (logarithm) {
      for (let i = from; i < to; i++) sum += dy[i]!;
      for (let i = from; i < to; i++) dx[i] = dy[i]! - Math.exp(y[i]!) * sum;
    } else {
      for (let i = from; i < to; i++) sum += dy[i]! * y[i]!;
      for (let i = from; i < to; i++) dx[i] = y[i]! * (dy[i]! - sum);
    }
  }
};
