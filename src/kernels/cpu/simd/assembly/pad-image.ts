/*
 * Convolutions read a copy of the image with its zero border written out, one image at a time, so
 * that their inner loops have no edges. An image that needs no border is read where it is.
 */

/** How far a kernel of `size` taps and an output of `length` steps reach over the padded input. */
@inline
export function reach(length: i32, stride: i32, size: i32, dilation: i32): i32 {
  return (length - 1) * stride + (size - 1) * dilation + 1;
}

/** Whether some patch leaves the image, so that it needs a padded copy. */
@inline
export function needsBorder(top: i32, left: i32, reachHeight: i32, reachWidth: i32, height: i32, width: i32): bool {
  return top != 0 || left != 0 || reachHeight > height || reachWidth > width;
}

/** Zeroes the border of a padded image whose interior `padImage` fills. Once for a whole batch. */
export function clearImage(target: usize, height: i32, rowBytes: usize): void {
  memory.fill(target, 0, <usize>height * rowBytes);
}

/**
 * Copies the image into the padded one; rows and columns that fall outside of it are dropped.
 * `top` and `left` may be negative (cropping).
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
