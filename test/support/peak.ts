import { observeDevice } from '../../src/tensor/device-observers';
import { living } from '../../src/tensor/tensor-count';

/** Runs `work` and tells how many more tensors than at its beginning were alive at once, as seen whenever a kernel had run. */
export function peakTensors(work: () => void): number {
  const start = living.tensors;
  let peak = 0;
  const stop = observeDevice({
    kernel: () => {
      peak = Math.max(peak, living.tensors - start);
    },
  });
  try {
    work();
  } finally {
    stop();
  }
  return peak;
}
