import { observeDevice } from '../../src/tensor/device-observers';
import { living } from '../../src/tensor/tensor-count';

/** Runs `work`, and returns the greatest number of tensors alive after one of its kernels, less those alive before. */
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
