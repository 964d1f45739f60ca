import type { WindowGeometry } from '../../convolution';
import type { SimdExports } from './simd.wasm';
import { PRODUCT_TERMS, windowsOverPixel } from './terms';

/** dy is sparse where at most one element in so many is not 0. Above that the usual products, which need fewer loads, are as fast. */
const ONE_IN = 4;
/** Elements of a patch below which listing an element of dy takes as long as its products. */
const LEAST_PATCH = 64;
/** An image is read at scattered places, so it should stay in the first-level cache. */
const MOST_IMAGE_BYTES = 32 * 1024;
/** How often a pixel of dx may be added to. Each time a sum of up to `PRODUCT_TERMS` channels is added. */
const MOST_ADDITIONS = 32;

/**
 * Whether the gradients of a convolution are computed from the elements of dy that are not 0: where those are few, as behind
 * max pooling, and all of dy is finite. Finding out takes one reading of dy.
 */
export function isSparse(simd: SimdExports, dy: number, g: WindowGeometry): boolean {
  const fits =
    g.dilationWidth === 1 &&
    g.padTop >= 0 &&
    g.padLeft >= 0 &&
    g.filterHeight * g.filterWidth * g.inChannels >= LEAST_PATCH &&
    g.inHeight * g.inWidth * g.inChannels * 4 <= MOST_IMAGE_BYTES;
  if (!fits) return false;
  const size = g.batch * g.outHeight * g.outWidth * g.outChannels;
  const count = simd.countNonZero(dy, size);
  return count >= 0 && count * ONE_IN <= size;
}

/** `isSparse`, for the gradient to the input. The filter must be finite: 0 · ∞ is NaN, so zeros of dy may not be left out. */
export function isSparseForInput(
  simd: SimdExports,
  dy: number,
  filter: number,
  filterSize: number,
  g: WindowGeometry,
): boolean {
  const additions = windowsOverPixel(g) * Math.ceil(g.outChannels / PRODUCT_TERMS);
  return additions <= MOST_ADDITIONS && isSparse(simd, dy, g) && simd.countNonZero(filter, filterSize) >= 0;
}
