import type { Kernel } from '../kernel-table';
import { floatsOf, withFloatScratch, type CpuBackend } from './backend';

/** y = x·n^−beta with n = bias + alpha·Σ x² over the channels c − radius … c + radius. */
export const localResponseNormalization: Kernel<CpuBackend, 'localResponseNormalization'> = (
  backend,
  [input],
  [output],
  { channels, radius, bias, alpha, beta },
) => {
  const x = floatsOf(backend, input!);
  const y = floatsOf(backend, output!);
  for (let pixel = 0; pixel < x.length; pixel += channels) {
    for (let c = 0; c < channels; c++) {
      const norm = bias + alpha * squaresAround(x, pixel, c, channels, radius);
      y[pixel + c] = x[pixel + c]! * Math.pow(norm, -beta);
    }
  }
};

function squaresAround(x: Float32Array, pixel: number, c: number, channels: number, radius: number): number {
  const end = pixel + Math.min(channels - 1, c + radius);
  let sum = 0;
  for (let i = pixel + Math.max(0, c - radius); i <= end; i++) sum += x[i]! * x[i]!;
  return sum;
}

/** dx = dy·n^−beta − 2·alpha·beta·x·Σ dy·x·n^(−beta − 1) over the same channels: x is part of the norm n of each. */
export const localResponseNormalizationGradient: Kernel<CpuBackend, 'localResponseNormalizationGradient'> = (
  backend,
  [input, gradient],
  [output],
  { channels, radius, bias, alpha, beta },
) => {
  withFloatScratch(backend, channels, (shares) => {
    const x = floatsOf(backend, input!);
    const dy = floatsOf(backend, gradient!);
    const dx = floatsOf(backend, output!);
    for (let pixel = 0; pixel < x.length; pixel += channels) {
      for (let c = 0; c < channels; c++) {
        const norm = bias + alpha * squaresAround(x, pixel, c, channels, radius);
        const direct = dy[pixel + c]! * Math.pow(norm, -beta);
        dx[pixel + c] = direct;
        shares[c] = (direct * x[pixel + c]!) / norm;
      }
      for (let c = 0; c < channels; c++) {
        const end = Math.min(channels - 1, c + radius);
        let sum = 0;
        for (let i = Math.max(0, c - radius); i <= end; i++) sum += shares[i]!;
        dx[pixel + c]! -= 2 * alpha * beta * x[pixel + c]! * sum;
      }
    }
  });
};
