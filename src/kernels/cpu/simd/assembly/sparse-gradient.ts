import { addRun, CHAIN, CHAINS } from './compensated';
import { multiplyAdd } from './multiply-add';
import { reach } from './pad-image';

/*
 * The gradients of a convolution where most of dy is 0, as behind relu and max pooling, which leave a
 * value for one in four pixels at most. An element g of dy adds a patch times g to the result: the
 * patch of x that it was computed from (gradient to the filter), or the filter of its channel
 * (gradient to the input). Only elements other than 0 are listed, and visited.
 *
 * A patch is cut into strips of 8 floats along its rows, of which 5 are summed up at a time, in
 * registers. Images are copied to, or added up in, an image with room behind each row and below,
 * so that strips may reach over the patch's end.
 */

const STRIP: i32 = 8;
const STRIP_BYTES: usize = 32;
const STRIPS: i32 = 5;
const ENTRY_BYTES: usize = 8;
/** Rows below an image that surplus strips may touch. */
const SPARE_ROWS: i32 = STRIPS - 1;

@inline
function stripsOfRow(rowLength: i32): i32 {
  return (rowLength + STRIP - 1) / STRIP;
}

/** Strips of a patch, filled up to whole groups by those of rows below it. */
@inline
function stripsOfPatch(rows: i32, rowLength: i32): i32 {
  const strips = rows * stripsOfRow(rowLength);
  return strips + (STRIPS - 1) - (strips + STRIPS - 1) % STRIPS;
}

/** Along one axis, how far the image with its border and the patches reach. */
@inline
function extent(length: i32, before: i32, outLength: i32, stride: i32, size: i32, dilation: i32): i32 {
  return max(before + length, reach(outLength, stride, size, dilation));
}

@inline
function rowBytesOf(width: i32, channels: i32): usize {
  return <usize>(width * channels + STRIP) << 2;
}

/** Bytes of a table of strips, so that what follows lies at a multiple of 16 as it does. */
@inline
function tableBytes(strips: i32): usize {
  return <usize>((strips << 2) + 15) & -16;
}

/** Where each strip begins in an image, from the patch's corner. */
function writeStripTable(table: usize, strips: i32, rowLength: i32, tapRowBytes: usize): void {
  const perRow = stripsOfRow(rowLength);
  for (let strip = 0; strip < strips; strip++) {
    store<usize>(table, <usize>(strip / perRow) * tapRowBytes + <usize>(strip % perRow) * STRIP_BYTES);
    table += 4;
  }
}

/** How many of the elements are other than 0; −1 when one of them is NaN or infinite, which spreads over all it is multiplied by. */
export function countNonZero(x: usize, length: i32): i32 {
  const zero = f32x4.splat(0);
  const infinity = f32x4.splat(Infinity);
  let zeros = i32x4.splat(0);
  let finite = i32x4.splat(-1);
  const end = x + (<usize>(length & -4) << 2);
  while (x < end) {
    const value = v128.load(x);
    zeros = i32x4.add(zeros, f32x4.eq(value, zero));
    finite = v128.and(finite, f32x4.lt(f32x4.abs(value), infinity));
    x += 16;
  }
  let count = length + i32x4.extract_lane(zeros, 0) + i32x4.extract_lane(zeros, 1) + i32x4.extract_lane(zeros, 2) + i32x4.extract_lane(zeros, 3);
  let isFinite = i32x4.all_true(finite);
  for (let rest = length & 3; rest > 0; rest--) {
    const value = load<f32>(x);
    if (value == 0) count--;
    isFinite = isFinite && abs(value) < Infinity;
    x += 4;
  }
  return isFinite ? count : -1;
}

/** Bytes of entries whose terms are added up before they are added to the strips. */
const CHAIN_BYTES: usize = CHAIN * ENTRY_BYTES;

/** Adds to the five strips at t0 … t4 the sum over the entries (offset, g) of g times the strips at s0 … s4 moved by the offset. */
function addStrips(
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

/** How often an image adds to the sums of a channel, at most. */
@inline
function chainsOfImage(outHeight: i32, outWidth: i32): i32 {
  return (outHeight * outWidth + CHAIN - 1) / CHAIN;
}

/** Whether there are so many images that their sums must meet in a compensated total. */
@inline
function isLong(batch: i32, outHeight: i32, outWidth: i32): bool {
  return <i64>batch * chainsOfImage(outHeight, outWidth) > CHAINS;
}

/**
 * Bytes of scratch of `sparseFilterGradient`: the strip table, sums and list of each channel, where each list ends, an image, and the
 * totals of the sums with what they have lost.
 */
export function sparseFilterGradientScratch(
  batch: i32,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): i32 {
  const strips = stripsOfPatch(filterHeight, filterWidth * channels);
  const rows = extent(height, top, outHeight, strideHeight, filterHeight, dilationHeight) + SPARE_ROWS * dilationHeight;
  const rowBytes = <i32>rowBytesOf(extent(width, left, outWidth, strideWidth, filterWidth, 1), channels);
  const sumBytes = outChannels * strips * <i32>STRIP_BYTES;
  const totalBytes = isLong(batch, outHeight, outWidth) ? 2 * sumBytes : 0;
  return <i32>tableBytes(strips) + sumBytes + outChannels * (outHeight * outWidth * <i32>ENTRY_BYTES + 4) + rows * rowBytes + totalBytes;
}

/** Copies floats; false where one is NaN or infinite. */
@inline
function copyFinite(to: usize, from: usize, length: i32): bool {
  const infinity = f32x4.splat(Infinity);
  let finite = i32x4.splat(-1);
  for (; length >= 4; length -= 4) {
    const value = v128.load(from);
    finite = v128.and(finite, f32x4.lt(f32x4.abs(value), infinity));
    v128.store(to, value);
    from += 16;
    to += 16;
  }
  let isFinite = i32x4.all_true(finite);
  for (; length > 0; length--) {
    const value = load<f32>(from);
    isFinite = isFinite && abs(value) < Infinity;
    store<f32>(to, value);
    from += 4;
    to += 4;
  }
  return isFinite;
}

/**
 * As `conv2dFilterGradient`, for a dilation of 1 along the rows and no cropping, going by the elements of dy other than 0. Gives 0, and
 * no gradient, where an element of x is NaN or infinite: then zeros of dy count too.
 */
export function sparseFilterGradient(
  x: usize, dy: usize, gradient: usize, batch: i32,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32, scratch: usize,
): i32 {
  const rowLength = filterWidth * channels;
  const strips = stripsOfPatch(filterHeight, rowLength);
  const sumBytes = <usize>strips * STRIP_BYTES;
  const listBytes = <usize>(outHeight * outWidth) * ENTRY_BYTES;
  const rows = extent(height, top, outHeight, strideHeight, filterHeight, dilationHeight) + SPARE_ROWS * dilationHeight;
  const rowBytes = rowBytesOf(extent(width, left, outWidth, strideWidth, filterWidth, 1), channels);
  const table = scratch;
  const sums = table + tableBytes(strips);
  const lists = sums + <usize>outChannels * sumBytes;
  const ends = lists + <usize>outChannels * listBytes;
  const padded = ends + (<usize>outChannels << 2);
  const pixelBytes = <usize>channels << 2;
  const inside = padded + <usize>top * rowBytes + <usize>left * pixelBytes;
  const allBytes = <usize>outChannels * sumBytes;
  const long = isLong(batch, outHeight, outWidth);
  const totals = padded + <usize>rows * rowBytes;
  const lost = totals + allBytes;
  const chains = chainsOfImage(outHeight, outWidth);
  let taken = 0;
  writeStripTable(table, strips, rowLength, <usize>dilationHeight * rowBytes);
  memory.fill(sums, 0, allBytes);
  if (long) memory.fill(totals, 0, 2 * allBytes);
  memory.fill(padded, 0, <usize>rows * rowBytes);
  for (let image = 0; image < batch; image++) {
    for (let row = 0; row < height; row++) {
      if (!copyFinite(inside + <usize>row * rowBytes, x, width * channels)) return 0;
      x += <usize>width * pixelBytes;
    }
    for (let channel = 0; channel < outChannels; channel++) store<usize>(ends + (channel << 2), lists + <usize>channel * listBytes);
    for (let row = 0; row < outHeight; row++) {
      let corner = padded + <usize>(row * strideHeight) * rowBytes;
      for (let column = 0; column < outWidth; column++) {
        for (let channel = 0; channel < outChannels; channel++) {
          // without a branch, which would be foreseen wrongly half of the time: a zero is overwritten by what comes next
          const g = load<f32>(dy);
          const end = load<usize>(ends + (channel << 2));
          store<usize>(end, corner);
          store<f32>(end, g, 4);
          store<usize>(ends + (channel << 2), end + select<usize>(ENTRY_BYTES, 0, g != 0));
          dy += 4;
        }
        corner += <usize>strideWidth * pixelBytes;
      }
    }
    let target = sums;
    for (let channel = 0; channel < outChannels; channel++) {
      const list = lists + <usize>channel * listBytes;
      const end = load<usize>(ends + (channel << 2));
      if (end == list) {
        target += sumBytes;
        continue;
      }
      for (let strip = 0; strip < strips; strip += STRIPS) {
        const at = table + (strip << 2);
        addStrips(
          list, end, load<usize>(at), load<usize>(at, 4), load<usize>(at, 8), load<usize>(at, 12), load<usize>(at, 16),
          target, target + STRIP_BYTES, target + 2 * STRIP_BYTES, target + 3 * STRIP_BYTES, target + 4 * STRIP_BYTES,
        );
        target += STRIPS * STRIP_BYTES;
      }
    }
    taken += chains;
    if (long && (taken + chains > CHAINS || image + 1 == batch)) {
      addRun(sums, totals, lost, <i32>(allBytes >> 2));
      memory.fill(sums, 0, allBytes);
      taken = 0;
    }
  }
  for (let row = 0; row < filterHeight; row++) {
    for (let position = 0; position < rowLength; position++) {
      let from = (long ? totals : sums) + <usize>(row * stripsOfRow(rowLength)) * STRIP_BYTES + (position << 2);
      for (let channel = 0; channel < outChannels; channel++) {
        store<f32>(gradient, load<f32>(from));
        gradient += 4;
        from += sumBytes;
      }
    }
  }
  return 1;
}

/** Bytes of scratch of `sparseInputGradient`: the strip table, the filter of each channel in strips, a pixel's list, an image. */
export function sparseInputGradientScratch(
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): i32 {
  const strips = stripsOfPatch(filterHeight, filterWidth * channels);
  const rows = extent(height, top, outHeight, strideHeight, filterHeight, dilationHeight) + SPARE_ROWS * dilationHeight;
  const rowBytes = <i32>rowBytesOf(extent(width, left, outWidth, strideWidth, filterWidth, 1), channels);
  return <i32>tableBytes(strips) + outChannels * (strips * <i32>STRIP_BYTES + <i32>ENTRY_BYTES) + rows * rowBytes;
}

/** As `conv2dInputGradient`, for a dilation of 1 along the rows and no cropping, going by the elements of dy other than 0. */
export function sparseInputGradient(
  dy: usize, filter: usize, dx: usize, batch: i32,
  height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32, outChannels: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32, scratch: usize,
): void {
  const rowLength = filterWidth * channels;
  const strips = stripsOfPatch(filterHeight, rowLength);
  const filterBytes = <usize>strips * STRIP_BYTES;
  const rows = extent(height, top, outHeight, strideHeight, filterHeight, dilationHeight) + SPARE_ROWS * dilationHeight;
  const rowBytes = rowBytesOf(extent(width, left, outWidth, strideWidth, filterWidth, 1), channels);
  const table = scratch;
  const filters = table + tableBytes(strips);
  const list = filters + <usize>outChannels * filterBytes;
  const padded = list + <usize>outChannels * ENTRY_BYTES;
  const pixelBytes = <usize>channels << 2;
  const inside = padded + <usize>top * rowBytes + <usize>left * pixelBytes;
  writeStripTable(table, strips, rowLength, <usize>dilationHeight * rowBytes);
  packStrips(filter, filterHeight, rowLength, outChannels, filterBytes, filters);
  for (let image = 0; image < batch; image++) {
    memory.fill(padded, 0, <usize>rows * rowBytes);
    for (let row = 0; row < outHeight; row++) {
      let corner = padded + <usize>(row * strideHeight) * rowBytes;
      for (let column = 0; column < outWidth; column++) {
        let end = list;
        let source = filters;
        for (let channel = 0; channel < outChannels; channel++) {
          const g = load<f32>(dy);
          store<usize>(end, source);
          store<f32>(end, g, 4);
          end += select<usize>(ENTRY_BYTES, 0, g != 0);
          source += filterBytes;
          dy += 4;
        }
        if (end != list) {
          let from: usize = 0;
          for (let strip = 0; strip < strips; strip += STRIPS) {
            const at = table + (strip << 2);
            addStrips(
              list, end, from, from + STRIP_BYTES, from + 2 * STRIP_BYTES, from + 3 * STRIP_BYTES, from + 4 * STRIP_BYTES,
              corner + load<usize>(at), corner + load<usize>(at, 4), corner + load<usize>(at, 8), corner + load<usize>(at, 12), corner + load<usize>(at, 16),
            );
            from += STRIPS * STRIP_BYTES;
          }
        }
        corner += <usize>strideWidth * pixelBytes;
      }
    }
    for (let row = 0; row < height; row++) {
      memory.copy(dx, inside + <usize>row * rowBytes, <usize>width * pixelBytes);
      dx += <usize>width * pixelBytes;
    }
  }
}

/** The filter of each output channel, in strips, with zeros where a strip reaches over a row. */
function packStrips(filter: usize, rows: i32, rowLength: i32, outChannels: i32, filterBytes: usize, target: usize): void {
  memory.fill(target, 0, <usize>outChannels * filterBytes);
  for (let row = 0; row < rows; row++) {
    for (let position = 0; position < rowLength; position++) {
      let to = target + <usize>(row * stripsOfRow(rowLength)) * STRIP_BYTES + (position << 2);
      for (let channel = 0; channel < outChannels; channel++) {
        store<f32>(to, load<f32>(filter));
        filter += 4;
        to += filterBytes;
      }
    }
  }
}
