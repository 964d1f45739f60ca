import type { WindowGeometry } from '../../convolution';
import { withScratch, type CpuBackend } from '../backend';

/**
 * A depthwise convolution whose filter makes several channels of each is one that makes one of each, on an image that has
 * every channel so many times: [height, width, inChannels, multiplier] is [height, width, inChannels · multiplier] in memory. The
 * copy costs one pass; the compiled loops want as many channels to come out as go in.
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

/** Lets `work` fill an image of repeated channels, in scratch; sums those that are copies of one into the image at `dx`. */
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
