import { op } from '../tensor/op';
import { makeTensor } from '../tensor/tensor-like';
import type { Tensor3D, Tensor4D } from '../tensor/tensor';
import { warpRegion } from './crop-region';
import type { Affine, Size } from './geometry';
import { valuesOnCpu } from './values-on-cpu';

/**
 * Cuts a region out of a picture, as {@link warpRegion} does, for models that run without gradients. Where the picture lies on the CPU it reads the pixels of the region alone,
 * as they are: `transform` first makes the whole picture float32. It interpolates between the four nearest pixels and knows nothing else. On a picture of 640 × 480 it is three to
 * four times as fast.
 */
export const cropPicture = op(
  'cropRegion',
  function cropRegion(picture: Tensor3D, toPicture: Affine, size: Size): Tensor4D {
    const pixels = valuesOnCpu(picture);
    if (!pixels) return warpRegion(picture, toPicture, size);
    const [height, width, channels] = picture.shape;
    const unit = picture.dtype === 'int32' ? 1 / 255 : 1;
    const [rows, columns] = size;
    // The op allocates after the pixels have been read, so that the view of them stays whole.
    const values = new Float32Array(rows * columns * channels);
    crop(pixels, [height, width, channels], toPicture, unit, values, size);
    return makeTensor('cropRegion', values, [1, rows, columns, channels]) as Tensor4D;
  },
);

/** Fills `output` with what lies in the region, times `unit`, blended between the four nearest pixels; outside of the picture it is black. */
function crop(
  pixels: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  [a, b, c, d, e, f]: Affine,
  unit: number,
  output: Float32Array,
  [rows, columns]: Size,
): void {
  const line = width * channels;
  const at = (row: number, column: number, channel: number): number =>
    row >= 0 && row < height && column >= 0 && column < width
      ? pixels[row * line + column * channels + channel]!
      : 0;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    // The centre of a pixel is half a pixel from its corner, in both.
    const [startX, startY] = [b * (row + 0.5) + c - 0.5, e * (row + 0.5) + f - 0.5];
    for (let column = 0; column < columns; column++) {
      // Rounded to float32, as on the GPU: what is meant to lie on the middle of a pixel does so.
      const x = Math.fround(a * (column + 0.5) + startX);
      const y = Math.fround(d * (column + 0.5) + startY);
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, below] = [x - left, y - top];
      const upperLeft = (1 - below) * (1 - right) * unit;
      const upperRight = (1 - below) * right * unit;
      const lowerLeft = below * (1 - right) * unit;
      const lowerRight = below * right * unit;
      if (left >= 0 && left < width - 1 && top >= 0 && top < height - 1) {
        let from = top * line + left * channels;
        for (let channel = 0; channel < channels; channel++, from++)
          output[to++] =
            pixels[from]! * upperLeft +
            pixels[from + channels]! * upperRight +
            pixels[from + line]! * lowerLeft +
            pixels[from + line + channels]! * lowerRight;
      } else
        for (let channel = 0; channel < channels; channel++)
          output[to++] =
            at(top, left, channel) * upperLeft +
            at(top, left + 1, channel) * upperRight +
            at(top + 1, left, channel) * lowerLeft +
            at(top + 1, left + 1, channel) * lowerRight;
    }
  }
}
