import type { WindowGeometry } from '../../convolution';
import { withScratch, type CpuBackend } from '../backend';

/** Compiled loops of products add up at most so many terms in plain float32: `CHAIN` of assembly/compensated.ts. */
export const PRODUCT_TERMS = 128;
/** The same for the gradients of pools, whose error must be smaller. */
const POOL_TERMS = 28;

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** How many windows cover one element along an axis, at most. */
function windowsOver(size: number, stride: number, dilation: number): number {
  return Math.ceil(size / (stride / greatestCommonDivisor(stride, dilation)));
}

/** The most windows that cover one input pixel. */
export function windowsOverPixel(g: WindowGeometry): number {
  return (
    Math.min(g.outHeight, windowsOver(g.filterHeight, g.strideHeight, g.dilationHeight)) *
    Math.min(g.outWidth, windowsOver(g.filterWidth, g.strideWidth, g.dilationWidth))
  );
}

/**
 * Calls `work` with the address of scratch in which the errors of an image of sums are kept, one for each sum (`bytes` in all);
 * with 0 where a sum has few enough `terms` to be added up plainly.
 */
export function withLost(
  backend: CpuBackend,
  bytes: number,
  terms: number,
  work: (lost: number) => void,
  plainTerms = PRODUCT_TERMS,
): void {
  if (terms <= plainTerms) work(0);
  else withScratch(backend, bytes, work);
}

/** `withLost` for the gradient of a pool to its input. */
export function withLostOfPool(backend: CpuBackend, g: WindowGeometry, work: (lost: number) => void): void {
  const bytes = g.batch * g.inHeight * g.inWidth * g.inChannels * 4;
  withLost(backend, bytes, windowsOverPixel(g), work, POOL_TERMS);
}
