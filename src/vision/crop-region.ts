import { op } from '../tensor/op';
import { castTo } from '../tensor/ops/cast';
import { reshape } from '../tensor/ops/reshape';
import type { Tensor3D, Tensor4D } from '../tensor/tensor';
import { mul } from '../tensor/ops/arithmetic';
import { assertPicture, assertRegion, assertSize } from './arguments';
import { regionToPicture, type Affine, type Region, type Size } from './geometry';
import { warpSquares, type Outside } from './warp-squares';

/** A part of a picture, and where it was. */
export interface Cropped {
  /** [1, height, width, channels], float32 from 0 to 1: a batch of one, as models take it. */
  readonly image: Tensor4D;
  /** The map from points of the image, in pixels, to points of the picture: see {@link mapPoints}. */
  readonly toPicture: Affine;
}

/** The warp of {@link cropRegion}. What lies outside of the picture is black, or as its nearest pixel. */
export const warpRegion = op(
  'cropRegion',
  function cropRegion(
    picture: Tensor3D,
    toPicture: Affine,
    size: Size,
    outside: Outside = 'black',
  ): Tensor4D {
    const batch = castTo(reshape(picture, [1, ...picture.shape]), 'float32') as Tensor4D;
    const warped = warpSquares(batch, toPicture, size, outside);
    return picture.dtype === 'int32' ? mul(warped, 1 / 255) : warped;
  },
);

/**
 * Cuts a region out of a picture, turned upright and resized, by one warp on the device. What lies outside of the picture is black. Each pixel is
 * interpolated between the four nearest ones of the picture, so that its rim stays as bright as it is.
 *
 * @param picture [height, width, channels], int32 from 0 to 255 or float32 from 0 to 1, as `webcam()` and `fromPixels` give
 * @param region the rectangle, in pixels of the picture
 * @param size [height, width] of the result, in pixels
 * @returns the image, a tensor that the caller owns unless a scope does, and the way back for coordinates
 * @throws when an argument is wrong
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { cropRegion, mapPoints } from 'rxtensor/vision';
 * dl.tidy(() => {
 *   const picture = dl.range(0, 16).div(16).reshape<dl.Tensor3D>([4, 4, 1]);
 *   const { image, toPicture } = cropRegion(picture, { centerX: 3, centerY: 2, width: 2, height: 2 }, [2, 2]);
 *   image.mul(16).print(); // 6, 7, 10, 11
 *   console.log(mapPoints([{ x: 0, y: 0 }], toPicture)); // [{ x: 2, y: 1 }]
 * });
 * ```
 */
export function cropRegion(picture: Tensor3D, region: Region, size: Size): Cropped {
  assertPicture('cropRegion', picture);
  assertRegion('cropRegion', region);
  assertSize('cropRegion', 'size', size);
  const toPicture = regionToPicture(region, size);
  return { image: warpRegion(picture, toPicture, size), toPicture };
}
