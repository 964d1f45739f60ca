import { CHAIN } from './compensated';
import { Geometry } from './geometry';
import { multiplyAdd } from './multiply-add';
import { paddedHeightOf, paddedWidthOf } from './pad-image';

/*
 * The gradients of a convolution where most of dy is 0, as behind relu and max pooling, which keep at most one value of four. An
 * element g of dy adds g times a patch to the result: the patch of x that the output was computed from (gradient to the filter),
 * or the filter of its channel (gradient to the input). Only elements that are not 0 are listed and visited.
 *
 * The rows of a patch are cut into strips of 8 floats, of which registers sum up 5 at a time. Images are copied to, or added up
 * in, an image that has spare room behind each row and below, so that strips may reach over the patch's end.
 */

/** Floats of a strip. */
const STRIP: i32 = 8;
export const STRIP_BYTES: usize = 32;
/** Strips that are summed up at a time. */
export const STRIPS: i32 = 5;
/** An entry of a list: an address or an offset, and the element of dy. */
export const ENTRY_BYTES: usize = 8;
/** Rows below an image that surplus strips may touch. */
const SPARE_ROWS: i32 = STRIPS - 1;

@inline
export function stripsOfRow(rowLength: i32): i32 {
  return (rowLength + STRIP - 1) / STRIP;
}

/** Strips of a patch, rounded up to whole groups of `STRIPS`; the surplus ones lie in rows below it. */
@inline
export function stripsOfPatch(rows: i32, rowLength: i32): i32 {
  const strips = rows * stripsOfRow(rowLength);
  return strips + (STRIPS - 1) - (strips + STRIPS - 1) % STRIPS;
}

/** Rows of an image with its border and its spare rows. */
@inline
export function rowsOf(g: Geometry): i32 {
  return max(g.padTop + g.inHeight, paddedHeightOf(g)) + SPARE_ROWS * g.dilationHeight;
}

/** Bytes of a row of an image with its border and its spare room. */
@inline
export function rowBytesOf(g: Geometry): usize {
  return <usize>(max(g.padLeft + g.inWidth, paddedWidthOf(g)) * g.inChannels + STRIP) << 2;
}

/** Bytes of a table of strips, rounded up so that the data behind it keeps the alignment to 16 bytes. */
@inline
export function tableBytes(strips: i32): usize {
  return <usize>((strips << 2) + 15) & -16;
}

/** Writes the offset of each strip in an image, from the patch's corner. */
export function writeStripTable(table: usize, strips: i32, rowLength: i32, tapRowBytes: usize): void {
  const perRow = stripsOfRow(rowLength);
  for (let strip = 0; strip < strips; strip++) {
    store<usize>(table, <usize>(strip / perRow) * tapRowBytes + <usize>(strip % perRow) * STRIP_BYTES);
    table += 4;
  }
}

/** Bytes of the entries whose terms are added up in registers before they are added to the strips. */
const CHAIN_BYTES: usize = CHAIN * ENTRY_BYTES;

/** Adds to the strips at t0 … t4, for each entry (offset, g), g times the strips at s0 + offset … s4 + offset. */
export function addStrips(
  entry: usize, end: usize, s0: usize, s1: usize, s2: usize, s3: usize, s4: usize,
  t0: usize, t1: usize, t2: usize, t3: usize, t4: usize,
): void {
  do {
    const last = min(end, entry + CHAIN_BYTES);
    let a0 = f32x4.splat(0), a1 = a0, b0 = a0, b1 = a0, c0 = a0, c1 = a0, d0 = a0, d1 = a0, e0 = a0, e1 = a0;
    do {
      const offset = load<usize>(entry);
      const g = v128.load32_splat(entry, 4);
      const x0 = s0 + offset;
      a0 = multiplyAdd(g, v128.load(x0), a0);
      a1 = multiplyAdd(g, v128.load(x0, 16), a1);
      const x1 = s1 + offset;
      b0 = multiplyAdd(g, v128.load(x1), b0);
      b1 = multiplyAdd(g, v128.load(x1, 16), b1);
      const x2 = s2 + offset;
      c0 = multiplyAdd(g, v128.load(x2), c0);
      c1 = multiplyAdd(g, v128.load(x2, 16), c1);
      const x3 = s3 + offset;
      d0 = multiplyAdd(g, v128.load(x3), d0);
      d1 = multiplyAdd(g, v128.load(x3, 16), d1);
      const x4 = s4 + offset;
      e0 = multiplyAdd(g, v128.load(x4), e0);
      e1 = multiplyAdd(g, v128.load(x4, 16), e1);
      entry += ENTRY_BYTES;
    } while (entry < last);
    addStrip(t0, a0, a1);
    addStrip(t1, b0, b1);
    addStrip(t2, c0, c1);
    addStrip(t3, d0, d1);
    addStrip(t4, e0, e1);
  } while (entry < end);
}

@inline
function addStrip(target: usize, left: v128, right: v128): void {
  v128.store(target, f32x4.add(v128.load(target), left));
  v128.store(target, f32x4.add(v128.load(target, 16), right), 16);
}
