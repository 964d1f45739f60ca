import { fillSlopes } from '../batch-norm';
import { floatsOf, offsetOf, withFloatScratch, withScratch } from '../backend';
import type { SimdKernel } from './simd-kernel';

export const batchNorm: SimdKernel<'batchNorm'> =
  (simd) =>
  (backend, [x, mean, variance, offset, scale], [y], { epsilon }) => {
    const period = mean!.size;
    withFloatScratch(backend, period, (slopes) => {
      fillSlopes(slopes, floatsOf(backend, variance!), floatsOf(backend, scale!), epsilon);
      const rows = y!.size / period;
      const [from, to] = [offsetOf(x!), offsetOf(y!)];
      simd.batchNorm(from, offsetOf(mean!), slopes.byteOffset, offsetOf(offset!), to, rows, period);
    });
  };

export const batchNormGradient: SimdKernel<'batchNormGradient'> =
  (simd) =>
  (backend, [dy, x, mean, variance], [offsetGradient, scaleGradient], { epsilon }) => {
    const period = mean!.size;
    const padded = Math.ceil(period / 4) * 4;
    const bytes = padded * Float64Array.BYTES_PER_ELEMENT;
    withScratch(backend, 2 * bytes, (sums) => {
      const totals = new Float64Array(backend.linear.buffer, sums, 2 * padded).fill(0);
      const rows = dy!.size / period;
      simd.batchNormSums(offsetOf(dy!), offsetOf(x!), offsetOf(mean!), sums, sums + bytes, rows, period);
      const spread = floatsOf(backend, variance!);
      const doffset = floatsOf(backend, offsetGradient!);
      const dscale = floatsOf(backend, scaleGradient!);
      for (let c = 0; c < period; c++) {
        doffset[c] = totals[c]!;
        dscale[c] = totals[padded + c]! / Math.sqrt(spread[c]! + epsilon);
      }
    });
  };
