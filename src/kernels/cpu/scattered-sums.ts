import type { TensorInfo } from '../backend';
import { floatsOf, withDoubleScratch, type CpuBackend } from './backend';

/**
 * Fills an output whose elements are sums of many terms in any order: calls `add` with float64 sums of 0, and rounds
 * them to float32 at the end, so that the error does not grow with the number of terms.
 */
export function withScatteredSums(
  backend: CpuBackend,
  output: TensorInfo,
  add: (sums: Float64Array) => void,
): void {
  withDoubleScratch(backend, output.size, (sums) => {
    add(sums.fill(0));
    floatsOf(backend, output).set(sums);
  });
}
