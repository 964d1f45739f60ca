import { convolveImage } from './convolve-image';
import { Geometry } from './geometry';
import { pixelTableBytes, writePixelTable } from './offset-table';
import { packPanels, packedLength } from './pack-panels';
import { ASIDE_BYTES } from './product-tile';
import { clearImage, isBordered, paddedHeightOf, paddedLength, paddedWidthOf, padImage } from './pad-image';

/** Bytes of scratch of `conv2d`: sums set aside, the packed filter, the pixel table, a padded image. */
export function conv2dScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const packed = packedLength(g.filterHeight * g.filterWidth * g.inChannels, g.outChannels);
  return ((packed + paddedLength(g)) << 2) + pixelTableBytes(g.outHeight * g.outWidth) + ASIDE_BYTES;
}

/**
 * y = clamp(x ∗ filter + bias, low, high). x is [batch, inHeight, inWidth, inChannels], filter
 * [filterHeight, filterWidth, inChannels, outChannels], y [batch, outHeight, outWidth, outChannels].
 * `bias` has outChannels floats or is 0.
 */
export function conv2d(
  x: usize, filter: usize, bias: usize, y: usize, geometry: usize, low: f32, high: f32, scratch: usize,
): void {
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, filterWidth = g.filterWidth, dilationHeight = g.dilationHeight;
  const top = g.padTop, left = g.padLeft;
  const depth = filterHeight * filterWidth * channels;
  const aside = scratch;
  scratch += ASIDE_BYTES;
  packPanels(filter, <usize>outChannels << 2, depth, outChannels, bias, scratch);
  const table = scratch + (packedLength(depth, outChannels) << 2);
  const pixelBytes = <usize>channels << 2;
  const outPixelBytes = <usize>outChannels << 2;
  const outRowBytes = <usize>outWidth * outPixelBytes;
  const paddedHeight = paddedHeightOf(g);
  const paddedWidth = paddedWidthOf(g);
  const bordered = isBordered(g);
  const rowBytes = <usize>(bordered ? paddedWidth : width) * pixelBytes;
  const padded = table + pixelTableBytes(outHeight * outWidth);
  writePixelTable(
    table, outHeight, outWidth, <usize>g.strideHeight * rowBytes, <usize>g.strideWidth * pixelBytes, outRowBytes, outPixelBytes,
    filterHeight, dilationHeight, -top, g.strideHeight, height,
  );
  if (bordered) clearImage(padded, paddedHeight, rowBytes);
  // without dilation a row of taps is one contiguous run
  const merged = g.dilationWidth == 1;
  const runLength = merged ? filterWidth * channels : channels;
  const runs = merged ? 1 : filterWidth;
  const runJump = <usize>(g.dilationWidth - 1) * pixelBytes;
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
