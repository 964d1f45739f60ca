import type { Kernel } from '../kernel-table';
import { floatsOf, withDoubleScratch, type CpuBackend } from './backend';

/** The slopes of a batch normalisation, scale / √(variance + epsilon), computed in float64. */
export function fillSlopes(
  slopes: Float32Array | Float64Array,
  variance: Float32Array,
  scale: Float32Array,
  epsilon: number,
): void {
  for (let c = 0; c < slopes.length; c++) slopes[c] = scale[c]! / Math.sqrt(variance[c]! + epsilon);
}

/** y = (x − mean)·slope + offset. The slope is computed once for each element of the mean, in float64. */
export const batchNorm: Kernel<CpuBackend, 'batchNorm'> = (backend, inputs, [output], { epsilon }) => {
  const [input, means, variances, offsets, scales] = inputs;
  const period = means!.size;
  withDoubleScratch(backend, period, (slopes) => {
    const mean = floatsOf(backend, means!);
    const variance = floatsOf(backend, variances!);
    const offset = floatsOf(backend, offsets!);
    const scale = floatsOf(backend, scales!);
    fillSlopes(slopes, variance, scale, epsilon);
    const x = floatsOf(backend, input!);
    const y = floatsOf(backend, output!);
    for (let row = 0; row < y.length; row += period) {
      for (let c = 0; c < period; c++) y[row + c] = (x[row + c]! - mean[c]!) * slopes[c]! + offset[c]!;
    }
  });
};

/** Adds up both sums in one pass over memory, in float64. */
export const batchNormGradient: Kernel<CpuBackend, 'batchNormGradient'> = (
  backend,
  [gradient, input, means, variances],
  [offsetGradient, scaleGradient],
  { epsilon },
) => {
  const period = means!.size;
  withDoubleScratch(backend, 2 * period, (scratch) => {
    const sums = scratch.subarray(0, period).fill(0);
    const products = scratch.subarray(period).fill(0);
    const dy = floatsOf(backend, gradient!);
    const x = floatsOf(backend, input!);
    const mean = floatsOf(backend, means!);
    const variance = floatsOf(backend, variances!);
    for (let row = 0; row < dy.length; row += period) {
      for (let c = 0; c < period; c++) {
        const value = dy[row + c]!;
        sums[c]! += value;
        products[c]! += value * (x[row + c]! - mean[c]!);
      }
    }
    const doffset = floatsOf(backend, offsetGradient!);
    const dscale = floatsOf(backend, scaleGradient!);
    for (let c = 0; c < period; c++) {
      doffset[c] = sums[c]!;
      dscale[c] = products[c]! / Math.sqrt(variance[c]! + epsilon);
    }
  });
};
