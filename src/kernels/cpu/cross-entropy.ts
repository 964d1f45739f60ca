import type { Kernel } from '../kernel-table';
import { floatsOf, type CpuBackend } from './backend';

/** The greatest of x[from … to), without regard to NaN. */
function greatestOf(x: Float32Array, from: number, to: number): number {
  let greatest = -Infinity;
  for (let i = from; i < to; i++) if (x[i]! > greatest) greatest = x[i]!;
  return greatest;
}

export const crossEntropy: Kernel<CpuBackend, 'crossEntropy'> = (
  backend,
  [labels, logits],
  [losses],
  { outer, extent },
) => {
  const t = floatsOf(backend, labels!);
  const x = floatsOf(backend, logits!);
  const y = floatsOf(backend, losses!);
  for (let row = 0; row < outer; row++) {
    const from = row * extent;
    const to = from + extent;
    const greatest = greatestOf(x, from, to);
    let sum = 0;
    for (let i = from; i < to; i++) sum += Math.exp(x[i]! - greatest);
    const logSum = Math.log(sum);
    let loss = 0;
    // A class with label 0 may have probability 0, whose logarithm is −∞. As in entropies, 0 · ∞ counts as 0.
    for (let i = from; i < to; i++) if (t[i] !== 0) loss += t[i]! * (greatest - x[i]! + logSum);
    y[row] = loss;
  }
};

/** dx = dy · (softmax · Σ labels − labels). */
export const crossEntropyGradient: Kernel<CpuBackend, 'crossEntropyGradient'> = (
  backend,
  [labels, logits, gradient],
  [output],
  { outer, extent },
) => {
  const t = floatsOf(backend, labels!);
  const x = floatsOf(backend, logits!);
  const dy = floatsOf(backend, gradient!);
  const dx = floatsOf(backend, output!);
  for (let row = 0; row < outer; row++) {
    const from = row * extent;
    const to = from + extent;
    const greatest = greatestOf(x, from, to);
    let sum = 0;
    let sumOfLabels = 0;
    for (let i = from; i < to; i++) {
      const power = Math.exp(x[i]! - greatest);
      dx[i] = power;
      sum += power;
      sumOfLabels += t[i]!;
    }
    const scale = sumOfLabels / sum;
    for (let i = from; i < to; i++) dx[i] = dy[row]! * (dx[i]! * scale - t[i]!);
  }
};
