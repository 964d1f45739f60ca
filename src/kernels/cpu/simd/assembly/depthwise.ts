import { CHAIN } from './compensated';
import { Geometry } from './geometry';
import { loadUpTo, storeUpTo } from './lanes';
import { multiplyAdd } from './multiply-add';
import { addPromoted } from './reduce-sum';
import { endTap, firstTap } from './window';

/*
 * Depthwise convolution of NHWC images, with a filter for each channel: moving bytes takes the time, since there is no product to
 * tile. Taps are clipped to the image, so no padded copy is made. A filter is [height, width, channels].
 */

/**
 * A 3×3 filter at stride 1 slides over so many bytes of three rows, and of the row that it makes, for all channels, before it goes on: they stay in the
 * first-level cache. Where they would be few columns, it meets the first two of them too often to pay.
 */
const TILE: i32 = 24576;
const NARROWEST: i32 = 16;

/** y = clamp(x ⊛ filter + bias, low, high); `bias` has a float for each channel or is 0. `totals` is room for four float64. */
export function depthwise(
  x: usize, filter: usize, bias: usize, y: usize, geometry: usize, low: f32, high: f32, totals: usize,
): void {
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, filterHeight = g.filterHeight, filterWidth = g.filterWidth;
  const strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const dilationHeight = g.dilationHeight, dilationWidth = g.dilationWidth, top = g.padTop, left = g.padLeft;
  const pixelBytes = <usize>channels << 2;
  const many = filterHeight * filterWidth > CHAIN;
  const rowBytes = <usize>width * pixelBytes;
  const outRowBytes = <usize>outWidth * pixelBytes;
  const tile = (TILE / <i32>pixelBytes - 6) / 4;
  const slides = filterHeight == 3 && filterWidth == 3 && strideWidth == 1 && dilationWidth == 1 && left <= 2 && width >= 2 && tile >= NARROWEST;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      let done = 0;
      if (slides && rows == 3) {
        const from = x + <usize>startRow * rowBytes;
        const step = <usize>dilationHeight * rowBytes;
        for (let first = 0; first < outWidth;) {
          const end = outWidth - first < tile + 4 ? outWidth : first + tile;
          // the columns under these windows
          const start = max(0, first - left);
          const tileLeft = first > 0 ? 0 : left;
          const tileWidth = min(width - start, end - first + 2 - tileLeft);
          const source = from + <usize>start * pixelBytes;
          const target = y + <usize>first * pixelBytes;
          done = 0;
          for (; done <= channels - 16; done += 16) {
            const at = <usize>done << 2;
            slide(source + at, step, filter + at, pixelBytes, bias ? bias + at : 0, target + at, tileWidth, end - first, tileLeft, low, high);
          }
          for (; done <= channels - 4; done += 4) {
            const at = <usize>done << 2;
            slideFew(source + at, step, filter + at, pixelBytes, bias ? bias + at : 0, target + at, tileWidth, end - first, tileLeft, low, high);
          }
          first = end;
        }
      }
      if (many) {
        gatherManyTaps(
          x, filter + <usize>(firstRow * filterWidth) * pixelBytes, bias, y, channels,
          startRow + firstRow * dilationHeight, rows, width, outWidth, filterWidth, strideWidth, dilationHeight, dilationWidth, left, low, high, totals,
        );
      } else if (done < channels) {
        gatherTaps(
          x, filter + <usize>(firstRow * filterWidth) * pixelBytes, bias, y, done, channels,
          startRow + firstRow * dilationHeight, rows, width, outWidth, filterWidth, strideWidth, dilationHeight, dilationWidth, left, low, high,
        );
      }
      y += outRowBytes;
    }
    x += <usize>height * rowBytes;
  }
}

/** Adds the three values of a column, times a column of the filter, to `sum`. */
@inline
function column(a: v128, b: v128, c: v128, filter: usize, filterRow: usize, sum: v128): v128 {
  sum = multiplyAdd(a, v128.load(filter), sum);
  sum = multiplyAdd(b, v128.load(filter + filterRow), sum);
  return multiplyAdd(c, v128.load(filter + 2 * filterRow), sum);
}

/**
 * Computes a row of outputs of a 3×3 filter at stride 1, for 16 channels (one line of most caches). It reads each column of the
 * image once and adds it to the three outputs whose windows hold it.
 */
function slide(
  x: usize, step: usize, filter: usize, pixelBytes: usize, bias: usize, y: usize, width: i32, outWidth: i32, left: i32, low: f32, high: f32,
): void {
  const filterRow: usize = 3 * pixelBytes;
  const filter1 = filter + pixelBytes, filter2 = filter1 + pixelBytes;
  const none = f32x4.splat(0);
  const lowest = f32x4.splat(low), highest = f32x4.splat(high);
  const start0 = bias ? v128.load(bias) : none, start1 = bias ? v128.load(bias, 16) : none;
  const start2 = bias ? v128.load(bias, 32) : none, start3 = bias ? v128.load(bias, 48) : none;
  let oldest0 = start0, oldest1 = start1, oldest2 = start2, oldest3 = start3;
  let middle0 = start0, middle1 = start1, middle2 = start2, middle3 = start3;
  const completed = min(outWidth, width + left - 2);
  for (let outColumn = left - 2; outColumn < completed; outColumn++) {
    const x1 = x + step, x2 = x1 + step;
    const a0 = v128.load(x), b0 = v128.load(x1), c0 = v128.load(x2);
    if (outColumn >= 0) {
      const sum = column(a0, b0, c0, filter2, filterRow, oldest0);
      v128.store(y, f32x4.pmin(f32x4.pmax(sum, lowest), highest));
    }
    oldest0 = column(a0, b0, c0, filter1, filterRow, middle0);
    middle0 = column(a0, b0, c0, filter, filterRow, start0);
    const a1 = v128.load(x, 16), b1 = v128.load(x1, 16), c1 = v128.load(x2, 16);
    if (outColumn >= 0) {
      const sum = column(a1, b1, c1, filter2 + 16, filterRow, oldest1);
      v128.store(y, f32x4.pmin(f32x4.pmax(sum, lowest), highest), 16);
    }
    oldest1 = column(a1, b1, c1, filter1 + 16, filterRow, middle1);
    middle1 = column(a1, b1, c1, filter + 16, filterRow, start1);
    const a2 = v128.load(x, 32), b2 = v128.load(x1, 32), c2 = v128.load(x2, 32);
    if (outColumn >= 0) {
      const sum = column(a2, b2, c2, filter2 + 32, filterRow, oldest2);
      v128.store(y, f32x4.pmin(f32x4.pmax(sum, lowest), highest), 32);
    }
    oldest2 = column(a2, b2, c2, filter1 + 32, filterRow, middle2);
    middle2 = column(a2, b2, c2, filter + 32, filterRow, start2);
    const a3 = v128.load(x, 48), b3 = v128.load(x1, 48), c3 = v128.load(x2, 48);
    if (outColumn >= 0) {
      const sum = column(a3, b3, c3, filter2 + 48, filterRow, oldest3);
      v128.store(y, f32x4.pmin(f32x4.pmax(sum, lowest), highest), 48);
    }
    oldest3 = column(a3, b3, c3, filter1 + 48, filterRow, middle3);
    middle3 = column(a3, b3, c3, filter + 48, filterRow, start3);
    if (outColumn >= 0) y += pixelBytes;
    x += pixelBytes;
  }
  for (let outColumn = completed; outColumn < outWidth; outColumn++) {
    v128.store(y, f32x4.pmin(f32x4.pmax(oldest0, lowest), highest));
    v128.store(y, f32x4.pmin(f32x4.pmax(oldest1, lowest), highest), 16);
    v128.store(y, f32x4.pmin(f32x4.pmax(oldest2, lowest), highest), 32);
    v128.store(y, f32x4.pmin(f32x4.pmax(oldest3, lowest), highest), 48);
    y += pixelBytes;
    oldest0 = middle0;
    oldest1 = middle1;
    oldest2 = middle2;
    oldest3 = middle3;
    middle0 = start0;
    middle1 = start1;
    middle2 = start2;
    middle3 = start3;
  }
}

/** As `slide`, for 4 channels, whose filter stays in registers. */
function slideFew(
  x: usize, step: usize, filter: usize, pixelBytes: usize, bias: usize, y: usize, width: i32, outWidth: i32, left: i32, low: f32, high: f32,
): void {
  const filter1 = filter + 3 * pixelBytes, filter2 = filter1 + 3 * pixelBytes;
  const fa0 = v128.load(filter), fa1 = v128.load(filter + pixelBytes), fa2 = v128.load(filter + 2 * pixelBytes);
  const fb0 = v128.load(filter1), fb1 = v128.load(filter1 + pixelBytes), fb2 = v128.load(filter1 + 2 * pixelBytes);
  const fc0 = v128.load(filter2), fc1 = v128.load(filter2 + pixelBytes), fc2 = v128.load(filter2 + 2 * pixelBytes);
  const lowest = f32x4.splat(low), highest = f32x4.splat(high);
  const start = bias ? v128.load(bias) : f32x4.splat(0);
  let oldest = start, middle = start;
  const completed = min(outWidth, width + left - 2);
  for (let outColumn = left - 2; outColumn < completed; outColumn++) {
    const a = v128.load(x), b = v128.load(x + step), c = v128.load(x + 2 * step);
    if (outColumn >= 0) {
      const sum = multiplyAdd(c, fc2, multiplyAdd(b, fb2, multiplyAdd(a, fa2, oldest)));
      v128.store(y, f32x4.pmin(f32x4.pmax(sum, lowest), highest));
      y += pixelBytes;
    }
    oldest = multiplyAdd(c, fc1, multiplyAdd(b, fb1, multiplyAdd(a, fa1, middle)));
    middle = multiplyAdd(c, fc0, multiplyAdd(b, fb0, multiplyAdd(a, fa0, start)));
    x += pixelBytes;
  }
  for (let outColumn = completed; outColumn < outWidth; outColumn++) {
    v128.store(y, f32x4.pmin(f32x4.pmax(oldest, lowest), highest));
    y += pixelBytes;
    oldest = middle;
    middle = start;
  }
}

/**
 * Computes a row of outputs, pixel by pixel, for the channels from `channel` on: 16 channels at once, then 8, then 4. It visits the taps
 * inside the image. `filter` is at the first of `rows` tap rows, which meets image row `row`.
 */
function gatherTaps(
  x: usize, filter: usize, bias: usize, y: usize, channel: i32, channels: i32,
  row: i32, rows: i32, width: i32, outWidth: i32, filterWidth: i32, stride: i32, dilationHeight: i32, dilation: i32, left: i32,
  low: f32, high: f32,
): void {
  const pixelBytes = <usize>channels << 2;
  const tap = <usize>dilation * pixelBytes;
  const tapRow = <usize>(dilationHeight * width) * pixelBytes;
  const filterRow = <usize>filterWidth * pixelBytes;
  const lowest = f32x4.splat(low), highest = f32x4.splat(high);
  const none = f32x4.splat(0);
  const first = <usize>channel << 2;
  for (let outColumn = 0; outColumn < outWidth; outColumn++) {
    const startColumn = outColumn * stride - left;
    const firstColumn = firstTap(startColumn, dilation);
    const columns = endTap(startColumn, dilation, filterWidth, width) - firstColumn;
    let from = x + <usize>(row * width + startColumn + firstColumn * dilation) * pixelBytes + first;
    let weights = filter + <usize>firstColumn * pixelBytes + first;
    let start = bias + first;
    let to = y + first;
    let count = channels - channel;
    for (; count >= 16; count -= 16) {
      let s0 = none, s1 = none, s2 = none, s3 = none;
      if (bias) {
        s0 = v128.load(start);
        s1 = v128.load(start, 16);
        s2 = v128.load(start, 32);
        s3 = v128.load(start, 48);
      }
      let xRow = from, wRow = weights;
      for (let r = 0; r < rows; r++) {
        let xTap = xRow, wTap = wRow;
        for (let c = 0; c < columns; c++) {
          s0 = multiplyAdd(v128.load(xTap), v128.load(wTap), s0);
          s1 = multiplyAdd(v128.load(xTap, 16), v128.load(wTap, 16), s1);
          s2 = multiplyAdd(v128.load(xTap, 32), v128.load(wTap, 32), s2);
          s3 = multiplyAdd(v128.load(xTap, 48), v128.load(wTap, 48), s3);
          xTap += tap;
          wTap += pixelBytes;
        }
        xRow += tapRow;
        wRow += filterRow;
      }
      v128.store(to, f32x4.pmin(f32x4.pmax(s0, lowest), highest));
      v128.store(to, f32x4.pmin(f32x4.pmax(s1, lowest), highest), 16);
      v128.store(to, f32x4.pmin(f32x4.pmax(s2, lowest), highest), 32);
      v128.store(to, f32x4.pmin(f32x4.pmax(s3, lowest), highest), 48);
      from += 64;
      weights += 64;
      start += 64;
      to += 64;
    }
    for (; count >= 8; count -= 8) {
      let s0 = none, s1 = none;
      if (bias) {
        s0 = v128.load(start);
        s1 = v128.load(start, 16);
      }
      let xRow = from, wRow = weights;
      for (let r = 0; r < rows; r++) {
        let xTap = xRow, wTap = wRow;
        for (let c = 0; c < columns; c++) {
          s0 = multiplyAdd(v128.load(xTap), v128.load(wTap), s0);
          s1 = multiplyAdd(v128.load(xTap, 16), v128.load(wTap, 16), s1);
          xTap += tap;
          wTap += pixelBytes;
        }
        xRow += tapRow;
        wRow += filterRow;
      }
      v128.store(to, f32x4.pmin(f32x4.pmax(s0, lowest), highest));
      v128.store(to, f32x4.pmin(f32x4.pmax(s1, lowest), highest), 16);
      from += 32;
      weights += 32;
      start += 32;
      to += 32;
    }
    for (; count > 0; count -= 4) {
      let sum = bias ? loadUpTo(start, count) : none;
      let xRow = from, wRow = weights;
      for (let r = 0; r < rows; r++) {
        let xTap = xRow, wTap = wRow;
        for (let c = 0; c < columns; c++) {
          sum = multiplyAdd(loadUpTo(xTap, count), loadUpTo(wTap, count), sum);
          xTap += tap;
          wTap += pixelBytes;
        }
        xRow += tapRow;
        wRow += filterRow;
      }
      storeUpTo(to, f32x4.pmin(f32x4.pmax(sum, lowest), highest), count);
      from += 16;
      weights += 16;
      start += 16;
      to += 16;
    }
    y += pixelBytes;
  }
}

/** As `gatherTaps`, for filters of so many taps that partial sums must meet in float64. */
function gatherManyTaps(
  x: usize, filter: usize, bias: usize, y: usize, channels: i32,
  row: i32, rows: i32, width: i32, outWidth: i32, filterWidth: i32, stride: i32, dilationHeight: i32, dilation: i32, left: i32,
  low: f32, high: f32, totals: usize,
): void {
  const pixelBytes = <usize>channels << 2;
  const tap = <usize>dilation * pixelBytes;
  const tapRow = <usize>(dilationHeight * width) * pixelBytes;
  const none = f64x2.splat(0);
  for (let outColumn = 0; outColumn < outWidth; outColumn++) {
    const startColumn = outColumn * stride - left;
    const firstColumn = firstTap(startColumn, dilation);
    const columns = endTap(startColumn, dilation, filterWidth, width) - firstColumn;
    let from = x + <usize>(row * width + startColumn + firstColumn * dilation) * pixelBytes;
    let weights = filter + <usize>firstColumn * pixelBytes;
    for (let channel = 0; channel < channels; channel += 4) {
      const count = channels - channel;
      v128.store(totals, none);
      v128.store(totals, none, 16);
      if (bias) addPromoted(totals, loadUpTo(bias + (<usize>channel << 2), count));
      let xRow = from, wRow = weights;
      for (let r = 0; r < rows; r++) {
        let xTap = xRow, wTap = wRow;
        for (let begun = 0; begun < columns; begun += CHAIN) {
          let sum = f32x4.splat(0);
          for (let some = min(CHAIN, columns - begun); some > 0; some--) {
            sum = multiplyAdd(loadUpTo(xTap, count), loadUpTo(wTap, count), sum);
            xTap += tap;
            wTap += pixelBytes;
          }
          addPromoted(totals, sum);
        }
        xRow += tapRow;
        wRow += <usize>filterWidth * pixelBytes;
      }
      const sums = i32x4.shuffle(f32x4.demote_f64x2_zero(v128.load(totals)), f32x4.demote_f64x2_zero(v128.load(totals, 16)), 0, 1, 4, 5);
      storeUpTo(y + (<usize>channel << 2), f32x4.pmin(f32x4.pmax(sums, f32x4.splat(low)), f32x4.splat(high)), count);
      from += 16;
      weights += 16;
    }
    y += pixelBytes;
  }
}
