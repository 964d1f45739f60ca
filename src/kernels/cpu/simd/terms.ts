import type { WindowGeometry } from '../../convolution';
import { withScratch, type CpuBackend } from '../backend';

/** So many terms may be added up in float32 by the compiled loops of products: `CHAIN` of assembly/compensated.ts. */
export const PRODUCT_TERMS = 128;
/** As many of a pool, whose error is to be smaller. */
const POOL_TERMS = 28;

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

/** Of how many windows one element is a part, along one axis and at most. */
function windowsOver(size: number, stride: number, dilation: number): number {
  return Math.ceil(size / (stride / greatestCommonDivisor(stride, dilation)));
}

/** Of how many windows one pixel is a part, at most. */
export function windowsOverPixel(g: WindowGeometry): number {
  return (
    Math.min(g.outHeight, windowsOver(g.filterHeight, g.strideHeight, g.dilationHeight)) *
    Math.min(g.outWidth, windowsOver(g.filterWidth, g.strideWidth, g.dilationWidth))
  );
}

/**
 * Calls `work` with room for what rounding takes from an image of sums, of as many bytes, or with 0 where `terms` of them are
 * few enough to be added up plainly.
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
