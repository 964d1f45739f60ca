import { convolveImage } from './convolve-image';
import { pixelTableBytes, writePixelTable } from './offset-table';
import { packPanels, packedLength } from './pack-panels';
import { ASIDE_BYTES } from './product-tile';
import { clearImage, needsBorder, padImage, reach } from './pad-image';

/** Bytes of scratch of `conv2d`: the packed filter, the pixel table, a padded image, sums set aside. */
export function conv2dScratch(
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): i32 {
  const paddedHeight = reach(outHeight, strideHeight, filterHeight, dilationHeight);
  const paddedWidth = reach(outWidth, strideWidth, filterWidth, dilationWidth);
  const image = needsBorder(top, left, paddedHeight, paddedWidth, height, width) ? paddedHeight * paddedWidth * channels : 0;
  return ((packedLength(filterHeight * filterWidth * channels, outChannels) + image) << 2) + pixelTableBytes(outHeight * outWidth) + ASIDE_BYTES;
}

/**
 * y = clamp(x ∗ filter + bias, low, high). x is [batch, height, width, channels], filter
 * [filterHeight, filterWidth, channels, outChannels], y [batch, outHeight, outWidth, outChannels].
 * `bias` has outChannels floats or is 0.
 */
export function conv2d(
  x: usize, filter: usize, bias: usize, y: usize, batch: i32,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
  low: f32, high: f32, scratch: usize,
): void {
  const depth = filterHeight * filterWidth * channels;
  const aside = scratch;
  scratch += ASIDE_BYTES;
  packPanels(filter, <usize>outChannels << 2, depth, outChannels, bias, scratch);
  const table = scratch + (packedLength(depth, outChannels) << 2);
  const pixelBytes = <usize>channels << 2;
  const outPixelBytes = <usize>outChannels << 2;
  const outRowBytes = <usize>outWidth * outPixelBytes;
  const paddedHeight = reach(outHeight, strideHeight, filterHeight, dilationHeight);
  const paddedWidth = reach(outWidth, strideWidth, filterWidth, dilationWidth);
  const bordered = needsBorder(top, left, paddedHeight, paddedWidth, height, width);
  const rowBytes = <usize>(bordered ? paddedWidth : width) * pixelBytes;
  const padded = table + pixelTableBytes(outHeight * outWidth);
  writePixelTable(
    table, outHeight, outWidth, <usize>strideHeight * rowBytes, <usize>strideWidth * pixelBytes, outRowBytes, outPixelBytes,
    filterHeight, dilationHeight, -top, strideHeight, height,
  );
  if (bordered) clearImage(padded, paddedHeight, rowBytes);
  // without dilation a row of taps is one contiguous run
  const merged = dilationWidth == 1;
  const runLength = merged ? filterWidth * channels : channels;
  const runs = merged ? 1 : filterWidth;
  const runJump = <usize>(dilationWidth - 1) * pixelBytes;
  for (let image = 0; image < batch; image++) {
    if (bordered) padImage(x, height, width, pixelBytes, top, left, paddedHeight, paddedWidth, padded);
    convolveImage(
      bordered ? padded : x, y, table, outHeight * outWidth,
      runLength, runs, runJump, filterHeight, <usize>dilationHeight * rowBytes, scratch, outChannels, low, high, aside,
    );
    x += <usize>(height * width) * pixelBytes;
    y += <usize>outHeight * outRowBytes;
  }
}
