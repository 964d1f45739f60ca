import { reshaped, type TensorInfo } from '../backend';
import type { WindowGeometry } from '../convolution';
import { sizeOf } from '../strides';

/**
 * Whether each pixel of y is computed from the pixel of x at its place alone. Then a convolution and its gradients are products of
 * matrices: {@link asMatrix} of the images and the filter.
 */
export function isPointwise(g: WindowGeometry): boolean {
  const steps = g.filterHeight * g.filterWidth * g.strideHeight * g.strideWidth;
  return steps === 1 && g.outHeight === g.inHeight && g.outWidth === g.inWidth;
}

/** Images as a matrix with a row for each pixel; a filter of 1 × 1 with a row for each channel of x. */
export function asMatrix(x: TensorInfo): TensorInfo {
  return reshaped(x, [1, sizeOf(x.shape.slice(0, -1)), x.shape.at(-1)!]);
}

/** The attributes of a product without transposed operands. */
export const LINEAR = { transposeA: false, transposeB: false, activation: 'linear', alpha: 0 } as const;
