/*
 * Where the rows of a tile begin. A convolution walks the same pixels for every image and panel, so
 * the byte offsets are worked out once. Tables are padded to whole tiles of 4 by their last entry.
 */

@inline
function roundedUp(count: i32): i32 {
  return (count + 3) & -4;
}

/** Bytes of a table of `count` pixels: an offset into the source and one into the target each. */
@inline
export function pixelTableBytes(count: i32): i32 {
  return roundedUp(count) << 3;
}

/** Bytes of a table of `count` patch positions: an offset into the source each. */
@inline
export function patchTableBytes(count: i32): i32 {
  return roundedUp(count) << 2;
}

/** Row after row, the offsets of height×width pixels at the given steps, all in bytes. */
export function writePixelTable(
  table: usize, height: i32, width: i32,
  sourceRow: usize, sourcePixel: usize, targetRow: usize, targetPixel: usize,
): void {
  for (let row = 0; row < height; row++) {
    let source = <usize>row * sourceRow;
    let target = <usize>row * targetRow;
    for (let column = 0; column < width; column++) {
      store<usize>(table, source);
      store<usize>(table, target, 4);
      source += sourcePixel;
      target += targetPixel;
      table += 8;
    }
  }
  for (let count = height * width; count & 3; count++) {
    store<u64>(table, load<u64>(table - 8));
    table += 8;
  }
}

/** The offsets of the patch positions [filterHeight, filterWidth, channels] at the given steps. */
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
