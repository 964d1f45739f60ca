import type { WindowGeometry } from '../../convolution';
import type { SimdExports } from './simd.wasm';
import { PRODUCT_TERMS, windowsOverPixel } from './terms';

/** Above one element in so many the usual kernels, which need fewer loads for a multiply-add, are as fast. */
const ONE_IN = 4;
/** Elements of a patch below which listing an element of dy costs as much as its products. */
const LEAST_PATCH = 64;
/** An image is read at the places of the listed elements, so it should stay in the first-level cache. */
const MOST_IMAGE_BYTES = 32 * 1024;

/** Whether what zeros of dy are multiplied by may be left out: 0 · ∞ is NaN. */
export function isEveryFinite(simd: SimdExports, values: number, size: number): boolean {
  return simd.countNonZero(values, size) >= 0;
}

/**
 * Whether the gradients of a convolution are computed from the elements of dy that are not 0: where those are few, as behind
 * max pooling. Looking costs a reading of dy.
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

/** How often a pixel of dx may be added to: what is added each time are sums of up to `PRODUCT_TERMS` channels. */
const MOST_ADDITIONS = 32;

/** `isSparse`, for the gradient to the input. */
export function isSparseForInput(simd: SimdExports, dy: number, g: WindowGeometry): boolean {
  const additions = windowsOverPixel(g) * Math.ceil(g.outChannels / PRODUCT_TERMS);
  return additions <= MOST_ADDITIONS && isSparse(simd, dy, g);
}
