/** `tf.signal`, without Fourier transforms. */
import * as dl from '../tensor';
import type { Rank, Tensor, Tensor1D, Tensor2D } from '../tensor';

/** Weights a − (1 − a)·cos(2πi/n) of a periodic window. */
function cosineWindow(operator: string, length: number, a: number): Tensor1D {
  return dl.tidy(operator, () => {
    const even = 1 - (length % 2);
    const angles = dl.mul(dl.range(0, length, 1, 'float32'), (2 * Math.PI) / (length + even - 1));
    return dl.sub<Tensor1D>(a, dl.mul(1 - a, dl.cos(angles)));
  });
}

/** The Hann window. */
export const hannWindow = (windowLength: number): Tensor1D =>
  cosineWindow('signal.hannWindow', windowLength, 0.5);

/** The Hamming window. */
export const hammingWindow = (windowLength: number): Tensor1D =>
  cosineWindow('signal.hammingWindow', windowLength, 0.54);

/**
 * Cuts a signal into frames that overlap.
 *
 * @param signal values [samples]
 * @param padEnd whether the last frames, which reach beyond the signal, are filled up with `padValue`; else they are dropped
 * @returns [frames, frameLength]
 */
export function frame(
  signal: Tensor1D,
  frameLength: number,
  frameStep: number,
  padEnd = false,
  padValue = 0,
): Tensor2D {
  return dl.tidy('signal.frame', () => {
    const { size } = signal;
    const count = padEnd
      ? Math.ceil(size / frameStep)
      : Math.max(0, 1 + Math.floor((size - frameLength) / frameStep));
    if (count === 0) return dl.zeros<Rank.R2>([0, frameLength]);
    const missing = (count - 1) * frameStep + frameLength - size;
    const padded: Tensor = missing > 0 ? dl.pad(signal, [[0, missing]], padValue) : signal;
    const starts = Array.from({ length: count }, (_, i) => i * frameStep);
    return dl.stack(starts.map((start) => dl.slice(padded, [start], [frameLength]))) as Tensor2D;
  });
}
