import { endTap, firstTap } from './window';

/*
 * Tables of the byte offsets at which the rows of a tile begin. A convolution walks the same pixels for every image and panel, so
 * the offsets are computed once. The last entry is repeated until a table holds whole tiles of 4.
 */

@inline
function roundedUp(count: i32): i32 {
  return (count + 3) & -4;
}

/** Bytes of a tile of pixels: four offsets into the source, four into the target, the numbers of tap rows to skip and to take. */
export const TILE_BYTES: usize = 40;

/** Bytes of a table of `count` pixels. */
@inline
export function pixelTableBytes(count: i32): i32 {
  return (roundedUp(count) >> 2) * <i32>TILE_BYTES;
}

/** Bytes of a table of `count` patch positions, with an offset into the source for each. */
@inline
export function patchTableBytes(count: i32): i32 {
  return roundedUp(count) << 2;
}

/**
 * Writes the offsets of height×width pixels, row after row; all steps are in bytes. A window has `taps` tap rows, `dilation` image
 * rows apart; a tile skips those that lie in the border for all four of its pixels. Tap row 0 meets image row `start` at pixel row
 * 0, and an image row `stride` further down at each next pixel row.
 */
export function writePixelTable(
  table: usize, height: i32, width: i32,
  sourceRow: usize, sourcePixel: usize, targetRow: usize, targetPixel: usize,
  taps: i32, dilation: i32, start: i32, stride: i32, imageHeight: i32,
): void {
  const pixels = height * width;
  let row = 0, column = 0;
  let source: usize = 0, target: usize = 0;
  for (let pixel = 0; pixel < pixels; pixel += 4) {
    let first = taps, end = 0;
    for (let lane = 0; lane < 4; lane++) {
      store<usize>(table + (lane << 2), source);
      store<usize>(table + (lane << 2), target, 16);
      first = min(first, firstTap(start + row * stride, dilation));
      end = max(end, endTap(start + row * stride, dilation, taps, imageHeight));
      if (pixel + lane + 1 >= pixels) continue;
      if (++column == width) {
        column = 0;
        row++;
        source = <usize>row * sourceRow;
        target = <usize>row * targetRow;
      } else {
        source += sourcePixel;
        target += targetPixel;
      }
    }
    // the whole tile lies in the border: any tap gives zeros
    if (first >= end) {
      first = 0;
      end = 1;
    }
    store<i32>(table, first, 32);
    store<i32>(table, end - first, 36);
    table += TILE_BYTES;
  }
}

/** Writes the offsets of the patch positions [filterHeight, filterWidth, channels]; `tapRow` and `tap` are the bytes between taps. */
export function writePatchTable(
  table: usize, filterHeight: i32, filterWidth: i32, channels: i32, tapRow: usize, tap: usize,
): void {
  for (let row = 0; row < filterHeight; row++) {
    for (let column = 0; column < filterWidth; column++) {
      let source = <usize>row * tapRow + <usize>column * tap;
      for (let channel = 0; channel < channels; channel++) {
        store<usize>(table, source);
        source += 4;
        table += 4;
      }
    }
  }
  for (let count = filterHeight * filterWidth * channels; count & 3; count++) {
    store<usize>(table, load<usize>(table - 4));
    table += 4;
  }
}
