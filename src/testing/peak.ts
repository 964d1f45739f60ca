import { observeKernels } from '../tensor/dispatch';
import { numTensors } from '../tensor/scope';

/** Runs `work` and tells how many more tensors than at its beginning were alive at once, as seen whenever a kernel had run. */
export function peakTensors(work: () => void): number {
  const start = numTensors();
  let peak = 0;
  const before = observeKernels((event) => {
    before?.(event);
    peak = Math.max(peak, numTensors() - start);
  });
  try {
    work();
  } finally {
    observeKernels(before);
  }
  return peak;
}
