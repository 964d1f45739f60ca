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

/**
 * Fills `output` with what lies in the region, times `unit`, blended between the four nearest pixels. Pixels are squares: what lies in the square of one at the rim is blended with that pixel itself, and
 * outside of the picture it is black.
 */
function crop(
  pixels: ArrayLike<number>,
  [height, width, channels]: readonly [number, number, number],
  [a, b, c, d, e, f]: Affine,
  unit: number,
  output: Float32Array,
  [rows, columns]: Size,
): void {
  const line = width * channels;
  let to = 0;
  for (let row = 0; row < rows; row++) {
    // The centre of a pixel is half a pixel from its corner, in both.
    const [startX, startY] = [b * (row + 0.5) + c - 0.5, e * (row + 0.5) + f - 0.5];
    for (let column = 0; column < columns; column++) {
      // Rounded to float32, as on the GPU: what is meant to lie on the middle of a pixel does so.
      const x = Math.fround(a * (column + 0.5) + startX);
      const y = Math.fround(d * (column + 0.5) + startY);
      if (!(x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5)) {
        // The array is new, hence black.
        to += channels;
        continue;
      }
      const [left, top] = [Math.floor(x), Math.floor(y)];
      const [right, below] = [x - left, y - top];
      const upperLeft = (1 - below) * (1 - right) * unit;
      const upperRight = (1 - below) * right * unit;
      const lowerLeft = below * (1 - right) * unit;
      const lowerRight = below * right * unit;
      // At the rim, the neighbour that is none is the pixel itself.
      const across = left < 0 || left === width - 1 ? 0 : channels;
      const down = top < 0 || top === height - 1 ? 0 : line;
      let from = Math.max(0, top) * line + Math.max(0, left) * channels;
      for (let channel = 0; channel < channels; channel++, from++)
        output[to++] =
          pixels[from]! * upperLeft +
          pixels[from + across]! * upperRight +
          pixels[from + down]! * lowerLeft +
          pixels[from + down + across]! * lowerRight;
    }
  }
}
