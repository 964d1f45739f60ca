import type { WindowGeometry } from '../../convolution';
import { withScratch, type CpuBackend } from '../backend';

/**
 * The compiled loops convolve each channel with one filter. Where a depthwise filter makes several channels of each, they run on a
 * copy of the image in which every channel is repeated as often, at the cost of one pass: in memory the filter
 * [height, width, inChannels, multiplier] is the same as [height, width, inChannels · multiplier]. This is the copy's geometry.
 */
export function repeatedGeometry(g: WindowGeometry): WindowGeometry {
  return { ...g, inChannels: g.outChannels };
}

const pixelsOf = (g: WindowGeometry): number => g.batch * g.inHeight * g.inWidth;

/** Works on the image at `x` with its channels repeated, in scratch. */
export function withRepeatedChannels(
  backend: CpuBackend,
  g: WindowGeometry,
  x: number,
  work: (repeated: number) => void,
): void {
  const multiplier = g.outChannels / g.inChannels;
  const size = pixelsOf(g) * g.inChannels;
  withScratch(backend, size * multiplier * 4, (scratch) => {
    const from = new Float32Array(backend.linear.buffer, x, size);
    const to = new Float32Array(backend.linear.buffer, scratch, size * multiplier);
    for (let i = 0, at = 0; i < size; i++) {
      const value = from[i]!;
      for (let copy = 0; copy < multiplier; copy++) to[at++] = value;
    }
    work(scratch);
  });
}

/** Lets `work` fill an image of repeated channels, in scratch. The sum over the copies of each channel goes to the image at `dx`. */
export function withSummedChannels(
  backend: CpuBackend,
  g: WindowGeometry,
  dx: number,
  work: (repeated: number) => void,
): void {
  const multiplier = g.outChannels / g.inChannels;
  const size = pixelsOf(g) * g.inChannels;
  withScratch(backend, size * multiplier * 4, (scratch) => {
    work(scratch);
    const from = new Float32Array(backend.linear.buffer, scratch, size * multiplier);
    const to = new Float32Array(backend.linear.buffer, dx, size);
    for (let i = 0, at = 0; i < size; i++) {
      let sum = 0;
      for (let copy = 0; copy < multiplier; copy++) sum += from[at++]!;
      to[i] = sum;
    }
  });
}
