import { Geometry } from './geometry';

/*
 * Convolutions copy one image at a time between its borders of zeros, so that their inner loops meet no edges. An image that needs
 * no border is read in place.
 */

/** How many positions of the padded input the windows of `length` outputs cover, with `size` taps each. */
@inline
export function reach(length: i32, stride: i32, size: i32, dilation: i32): i32 {
  return (length - 1) * stride + (size - 1) * dilation + 1;
}

/** Rows of an image with its border, as far as the patches reach. */
@inline
export function paddedHeightOf(g: Geometry): i32 {
  return reach(g.outHeight, g.strideHeight, g.filterHeight, g.dilationHeight);
}

/** Columns of an image with its border, as far as the patches reach. */
@inline
export function paddedWidthOf(g: Geometry): i32 {
  return reach(g.outWidth, g.strideWidth, g.filterWidth, g.dilationWidth);
}

/** Whether some patch leaves the image, so that it needs a padded copy. */
@inline
export function isBordered(g: Geometry): bool {
  return needsBorder(g.padTop, g.padLeft, paddedHeightOf(g), paddedWidthOf(g), g.inHeight, g.inWidth);
}

/** Floats of the padded copy of an image, 0 where it needs none. */
@inline
export function paddedLength(g: Geometry): i32 {
  return isBordered(g) ? paddedHeightOf(g) * paddedWidthOf(g) * g.inChannels : 0;
}

/** `isBordered`, from the padding, the reach of the patches and the size of the image. */
@inline
export function needsBorder(top: i32, left: i32, reachHeight: i32, reachWidth: i32, height: i32, width: i32): bool {
  return top != 0 || left != 0 || reachHeight > height || reachWidth > width;
}

/** Zeroes a padded image, once for a whole batch: `padImage` writes its interior alone. */
export function clearImage(target: usize, height: i32, rowBytes: usize): void {
  memory.fill(target, 0, <usize>height * rowBytes);
}

/**
 * Copies the image into the padded one and drops the rows and columns that fall outside of it. Negative `top` and `left` crop the
 * image.
 */
export function padImage(
  source: usize, height: i32, width: i32, pixelBytes: usize,
  top: i32, left: i32, paddedHeight: i32, paddedWidth: i32, target: usize,
): void {
  const firstRow = max(0, -top);
  const lastRow = min(height, paddedHeight - top);
  const firstColumn = max(0, -left);
  const lastColumn = min(width, paddedWidth - left);
  if (lastColumn <= firstColumn) return;
  const bytes = <usize>(lastColumn - firstColumn) * pixelBytes;
  const sourceRow = <usize>width * pixelBytes;
  const targetRow = <usize>paddedWidth * pixelBytes;
  source += <usize>firstColumn * pixelBytes + <usize>firstRow * sourceRow;
  target += <usize>(firstColumn + left) * pixelBytes + <usize>(firstRow + top) * targetRow;
  for (let row = firstRow; row < lastRow; row++) {
    memory.copy(target, source, bytes);
    source += sourceRow;
    target += targetRow;
  }
}
