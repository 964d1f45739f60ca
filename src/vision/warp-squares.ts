import { mul } from '../tensor/ops/arithmetic';
import { transform } from '../tensor/ops/image/warp';
import type { Tensor4D } from '../tensor/tensor';
import { makeTensor } from '../tensor/tensor-like';
import { mapPoints, type Affine, type Size } from './geometry';

/** What a place outside of a picture shows. */
export type Outside = 'black' | 'nearest';

/**
 * Warps a picture whose pixels are squares: a place in the square of a pixel at the rim is blended with no more than there is, as a GPU samples a texture to its edge, so the rim stays as bright
 * as it is. `transform` alone blends it with black, over half a pixel.
 *
 * @param picture [1, height, width, channels], float32
 * @param toPicture from pixels of the result to pixels of the picture
 */
export function warpSquares(
  picture: Tensor4D,
  toPicture: Affine,
  size: Size,
  outside: Outside = 'black',
): Tensor4D {
  const [, height, width] = picture.shape;
  const warped = transform(picture, [centered(toPicture)], 'bilinear', 'nearest', 0, [...size]);
  if (outside === 'nearest' || isInside(toPicture, size, [height, width])) return warped;
  // A picture of one white pixel, as large as the whole: the nearest pixel is that one, or none.
  const [a, b, c, d, e, f] = toPicture;
  const share: Affine = [a / width, b / width, c / width, d / height, e / height, f / height];
  const white = makeTensor('cropRegion', [1], [1, 1, 1, 1]) as Tensor4D;
  return mul(warped, transform(white, [centered(share)], 'nearest', 'constant', 0, [...size]));
}

/** A map as `transform` takes it, which counts from centre to centre of pixels. */
function centered([a, b, c, d, e, f]: Affine): number[] {
  const shift = (x: number, y: number, to: number): number => (x + y) / 2 + to - 0.5;
  return [a, b, shift(a, b, c), d, e, shift(d, e, f), 0, 0];
}

/** Whether all of the result shows the picture: its corners do, so all between them does. */
function isInside(toPicture: Affine, [rows, columns]: Size, [height, width]: Size): boolean {
  const corners = [0.5, columns - 0.5].flatMap((x) => [0.5, rows - 0.5].map((y) => ({ x, y })));
  return mapPoints(corners, toPicture).every(({ x, y }) => x >= 0 && x < width && y >= 0 && y < height);
}
