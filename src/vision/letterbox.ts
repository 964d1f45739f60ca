import type { Tensor3D } from '../tensor/tensor';
import { assertPicture, assertSize } from './arguments';
import { warpRegion, type Cropped } from './crop-region';
import { regionToPicture, type Region, type Size } from './geometry';

/** The region that has the whole picture in its middle, and the ratio of sides of a result of that size. */
export function wholeRegion([height, width]: Size, [rows, columns]: Size): Region {
  const scale = Math.max(height / rows, width / columns);
  return { centerX: width / 2, centerY: height / 2, width: columns * scale, height: rows * scale };
}

/**
 * Resizes a whole picture without changing the ratio of its sides: the picture lies in the middle, with black bars on two sides.
 *
 * @param picture [height, width, channels], int32 from 0 to 255 or float32 from 0 to 1
 * @param size [height, width] of the result, in pixels
 * @returns as {@link cropRegion}: the image, a batch of one from 0 to 1, and the way back for coordinates
 * @throws when an argument is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { letterbox, mapPoints } from 'rxtensor/vision';
 * dl.tidy(() => {
 *   const { image, toPicture } = letterbox(dl.ones([2, 4, 3]), [4, 4]);
 *   console.log(image.shape); // [1, 4, 4, 3]
 *   // The picture begins below a bar of one row.
 *   console.log(mapPoints([{ x: 0, y: 1 }], toPicture)); // [{ x: 0, y: 0 }]
 * });
 * ```
 */
export function letterbox(picture: Tensor3D, size: Size): Cropped {
  assertPicture('letterbox', picture);
  assertSize('letterbox', 'size', size);
  const [height, width] = picture.shape;
  const toPicture = regionToPicture(wholeRegion([height, width], size), size);
  return { image: warpRegion(picture, toPicture, size), toPicture };
}
