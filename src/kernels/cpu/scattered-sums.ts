import type { TensorInfo } from '../backend';
import { floatsOf, withDoubleScratch, type CpuBackend } from './backend';

/**
 * Lets `add` fill an output whose elements are sums of many terms that come in any order: they grow in float64 and are
 * rounded once, so that their error does not grow with the number of terms.
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
