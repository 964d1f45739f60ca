import { addRun, CHAIN, CHAINS } from './compensated';
import { Geometry } from './geometry';
import { ENTRY_BYTES, rowBytesOf, rowsOf, STRIP_BYTES, STRIPS, addStrips, stripsOfPatch, stripsOfRow, tableBytes, writeStripTable } from './strips';

/** How many chains of terms an image adds to the sums of a channel, at most. */
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
 * Bytes of scratch of `sparseFilterGradient`: the strip table, the sums and the list of each channel, the end of each list, an
 * image, the totals of the sums and what they have lost.
 */
export function sparseFilterGradientScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const strips = stripsOfPatch(g.filterHeight, g.filterWidth * g.inChannels);
  const sumBytes = g.outChannels * strips * <i32>STRIP_BYTES;
  const listBytes = g.outChannels * (g.outHeight * g.outWidth * <i32>ENTRY_BYTES + 4);
  const totalBytes = isLong(g.batch, g.outHeight, g.outWidth) ? 2 * sumBytes : 0;
  return <i32>tableBytes(strips) + sumBytes + listBytes + rowsOf(g) * <i32>rowBytesOf(g) + totalBytes;
}

/** Copies floats. Returns false where one is NaN or infinite. */
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
 * Computes what `conv2dFilterGradient` does from the elements of dy that are not 0. `dilationWidth` must be 1, and no padding
 * negative. Returns 1; or 0, without a gradient, where an element of x is NaN or infinite, whose product with 0 is NaN.
 */
export function sparseFilterGradient(x: usize, dy: usize, gradient: usize, geometry: usize, scratch: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const rowLength = g.filterWidth * channels;
  const strips = stripsOfPatch(filterHeight, rowLength);
  const sumBytes = <usize>strips * STRIP_BYTES;
  const listBytes = <usize>(outHeight * outWidth) * ENTRY_BYTES;
  const rows = rowsOf(g);
  const rowBytes = rowBytesOf(g);
  const table = scratch;
  const sums = table + tableBytes(strips);
  const lists = sums + <usize>outChannels * sumBytes;
  const ends = lists + <usize>outChannels * listBytes;
  const padded = ends + (<usize>outChannels << 2);
  const pixelBytes = <usize>channels << 2;
  const inside = padded + <usize>g.padTop * rowBytes + <usize>g.padLeft * pixelBytes;
  const allBytes = <usize>outChannels * sumBytes;
  const long = isLong(batch, outHeight, outWidth);
  const totals = padded + <usize>rows * rowBytes;
  const lost = totals + allBytes;
  const chains = chainsOfImage(outHeight, outWidth);
  let taken = 0;
  writeStripTable(table, strips, rowLength, <usize>g.dilationHeight * rowBytes);
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
          // no branch, which would be mispredicted often: the next entry overwrites that of a zero
          const value = load<f32>(dy);
          const end = load<usize>(ends + (channel << 2));
          store<usize>(end, corner);
          store<f32>(end, value, 4);
          store<usize>(ends + (channel << 2), end + select<usize>(ENTRY_BYTES, 0, value != 0));
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
