import { addCompensated, addRun, CHAIN, CHAINS } from './compensated';
import { Geometry } from './geometry';
import { loadUpTo, storeUpTo } from './lanes';
import { multiplyAdd } from './multiply-add';
import { endTap, firstTap } from './window';

/* The gradients of depthwise convolution: the geometry is that of `depthwise`. */

/**
 * The gradient to the input: every output pixel adds dy · filter to dx at each of its taps inside the image. Where many terms meet
 * at one place, `lost` is room for what rounding takes from dx; elsewhere it is 0.
 */
export function depthwiseInputGradient(dy: usize, filter: usize, dx: usize, geometry: usize, lost: usize): void {
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, filterHeight = g.filterHeight, filterWidth = g.filterWidth;
  const strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const dilationHeight = g.dilationHeight, dilationWidth = g.dilationWidth, top = g.padTop, left = g.padLeft;
  const pixelBytes = <usize>channels << 2;
  memory.fill(dx, 0, <usize>(batch * height * width) * pixelBytes);
  if (lost) memory.fill(lost, 0, <usize>(batch * height * width) * pixelBytes);
  const toLost = lost - dx;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const endRow = endTap(startRow, dilationHeight, filterHeight, height);
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const endColumn = endTap(startColumn, dilationWidth, filterWidth, width);
        for (let r = firstRow; r < endRow; r++) {
          for (let c = firstColumn; c < endColumn; c++) {
            let to = dx + <usize>((startRow + r * dilationHeight) * width + startColumn + c * dilationWidth) * pixelBytes;
            let weight = filter + <usize>(r * filterWidth + c) * pixelBytes;
            let from = dy;
            for (let count = channels; count > 0; count -= 4) {
              if (lost) addCompensated(f32x4.mul(loadUpTo(from, count), loadUpTo(weight, count)), to, to + toLost, count);
              else storeUpTo(to, multiplyAdd(loadUpTo(from, count), loadUpTo(weight, count), loadUpTo(to, count)), count);
              to += 16;
              weight += 16;
              from += 16;
            }
          }
        }
        dy += pixelBytes;
      }
    }
    dx += <usize>(height * width) * pixelBytes;
  }
}

/** Whether so many rows of outputs are added up that their sums must meet in a compensated total. */
@inline
function isLong(batch: i32, outHeight: i32, outWidth: i32): bool {
  return outWidth > CHAIN || <i64>batch * outHeight > CHAINS;
}

/** Bytes of scratch of `depthwiseFilterGradient`: the sums of some rows, and what the total has lost. */
export function depthwiseFilterGradientScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  return isLong(g.batch, g.outHeight, g.outWidth) ? (g.filterHeight * g.filterWidth * g.inChannels) << 3 : 0;
}

/**
 * The gradient to the filter. For one tap and four channels at a time, registers sum up a row of outputs. Such a sum is added to
 * `gradient` at once, or first to the sums of up to `CHAINS` rows where there are many rows.
 */
export function depthwiseFilterGradient(x: usize, dy: usize, gradient: usize, geometry: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, filterHeight = g.filterHeight, filterWidth = g.filterWidth;
  const strideHeight = g.strideHeight, strideWidth = g.strideWidth;
  const dilationHeight = g.dilationHeight, dilationWidth = g.dilationWidth, top = g.padTop, left = g.padLeft;
  const pixelBytes = <usize>channels << 2;
  const size = filterHeight * filterWidth * channels;
  const bytes = <usize>size << 2;
  const long = isLong(batch, outHeight, outWidth);
  // rows of more than a chain go to the total at once
  const isWide = outWidth > CHAIN;
  const sums = long && !isWide ? scratch : gradient;
  const lost = scratch + bytes;
  memory.fill(gradient, 0, bytes);
  if (long) memory.fill(scratch, 0, 2 * bytes);
  let taken = 0;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      for (let r = 0; r < filterHeight; r++) {
        const row = outRow * strideHeight - top + r * dilationHeight;
        if (row < 0 || row >= height) continue;
        for (let c = 0; c < filterWidth; c++) {
          // the output columns whose tap c lies inside the image
          const shift = c * dilationWidth - left;
          const first = shift >= 0 ? 0 : (strideWidth - 1 - shift) / strideWidth;
          const end = shift >= width ? 0 : min(outWidth, (width - shift + strideWidth - 1) / strideWidth);
          const at = <usize>(r * filterWidth + c) * pixelBytes;
          for (let from = first; from < end; from += CHAIN) {
            addProducts(
              x + <usize>(row * width + from * strideWidth + shift) * pixelBytes, <usize>strideWidth * pixelBytes,
              dy + <usize>from * pixelBytes, pixelBytes, min(CHAIN, end - from), channels, sums + at, isWide ? lost + at : 0,
            );
          }
        }
      }
      dy += <usize>outWidth * pixelBytes;
      if (!long || isWide || ++taken < CHAINS) continue;
      addRun(sums, gradient, lost, size);
      memory.fill(sums, 0, bytes);
      taken = 0;
    }
    x += <usize>(height * width) * pixelBytes;
  }
  if (long && !isWide) addRun(sums, gradient, lost, size);
}

/** gradient[c] += Σ x[·][c] · dy[·][c] over `count` pixels, compensated where `lost` is not 0. */
function addProducts(
  x: usize, xStep: usize, dy: usize, dyStep: usize, count: i32, channels: i32, gradient: usize, lost: usize,
): void {
  for (let channel = 0; channel < channels; channel += 4) {
    const lanes = channels - channel;
    let from = x;
    let other = dy;
    let sum = f32x4.splat(0);
    for (let pixel = 0; pixel < count; pixel++) {
      sum = multiplyAdd(loadUpTo(from, lanes), loadUpTo(other, lanes), sum);
      from += xStep;
      other += dyStep;
    }
    if (lost) {
      addCompensated(sum, gradient, lost, lanes);
      lost += 16;
    } else {
      storeUpTo(gradient, f32x4.add(loadUpTo(gradient, lanes), sum), lanes);
    }
    x += 16;
    dy += 16;
    gradient += 16;
  }
}
