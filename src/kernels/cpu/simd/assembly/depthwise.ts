import { loadSome, loadUpTo, storeSome, storeUpTo } from './lanes';
import { multiplyAdd } from './multiply-add';
import { endTap, firstTap } from './window';

/*
 * Depthwise convolution of NHWC images, one filter a channel: no product to tile, only bytes to move.
 * Taps are clipped to the image, so no padded copy is made; a filter is [height, width, channels].
 */

/** The sum over rows × columns taps, all of them inside the image, for 4 channels. */
@inline
function sumTaps(
  x: usize, tapRow: usize, tap: usize, filter: usize, filterRow: usize, filterTap: usize, rows: i32, columns: i32, sum: v128,
): v128 {
  for (let r = 0; r < rows; r++) {
    let from = x;
    let weight = filter;
    for (let c = 0; c < columns; c++) {
      sum = multiplyAdd(v128.load(from), v128.load(weight), sum);
      from += tap;
      weight += filterTap;
    }
    x += tapRow;
    filter += filterRow;
  }
  return sum;
}

/** y = clamp(x ⊛ filter + bias, low, high); `bias` has a float a channel or is 0. */
export function depthwise(
  x: usize, filter: usize, bias: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32, low: f32, high: f32,
): void {
  const pixelBytes = <usize>channels << 2;
  const tap = <usize>dilationWidth * pixelBytes;
  const tapRow = <usize>(dilationHeight * width) * pixelBytes;
  const filterRow = <usize>filterWidth * pixelBytes;
  const lowest = f32x4.splat(low);
  const highest = f32x4.splat(high);
  const whole = channels & -4;
  const rest = channels & 3;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const columns = endTap(startColumn, dilationWidth, filterWidth, width) - firstColumn;
        let from = x + <usize>((startRow + firstRow * dilationHeight) * width + startColumn + firstColumn * dilationWidth) * pixelBytes;
        let weight = filter + <usize>(firstRow * filterWidth + firstColumn) * pixelBytes;
        let start = bias;
        const end = y + (<usize>whole << 2);
        while (y < end) {
          let sum = bias ? v128.load(start) : f32x4.splat(0);
          sum = sumTaps(from, tapRow, tap, weight, filterRow, pixelBytes, rows, columns, sum);
          v128.store(y, f32x4.pmin(f32x4.pmax(sum, lowest), highest));
          from += 16;
          weight += 16;
          start += 16;
          y += 16;
        }
        if (rest) {
          let sum = bias ? loadSome(start, rest) : f32x4.splat(0);
          for (let r = 0; r < rows; r++) {
            for (let c = 0; c < columns; c++) {
              sum = multiplyAdd(
                loadSome(from + <usize>r * tapRow + <usize>c * tap, rest),
                loadSome(weight + <usize>r * filterRow + <usize>c * pixelBytes, rest),
                sum,
              );
            }
          }
          storeSome(y, f32x4.pmin(f32x4.pmax(sum, lowest), highest), rest);
          y += <usize>rest << 2;
        }
      }
    }
    x += <usize>(height * width) * pixelBytes;
  }
}

/** dx gets from every output pixel, through every tap of it inside the image, dy · filter. */
export function depthwiseInputGradient(
  dy: usize, filter: usize, dx: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): void {
  const pixelBytes = <usize>channels << 2;
  memory.fill(dx, 0, <usize>(batch * height * width) * pixelBytes);
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
              storeUpTo(to, multiplyAdd(loadUpTo(from, count), loadUpTo(weight, count), loadUpTo(to, count)), count);
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

/**
 * The gradient to the filter. Every image row of outputs is summed in registers for one tap and four
 * channels, then added to `gradient`: sums of many short sums.
 */
export function depthwiseFilterGradient(
  x: usize, dy: usize, gradient: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): void {
  const pixelBytes = <usize>channels << 2;
  memory.fill(gradient, 0, <usize>(filterHeight * filterWidth) * pixelBytes);
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
          if (first >= end) continue;
          const to = gradient + <usize>(r * filterWidth + c) * pixelBytes;
          const from = x + <usize>(row * width + first * strideWidth + shift) * pixelBytes;
          addProducts(from, <usize>strideWidth * pixelBytes, dy + <usize>first * pixelBytes, pixelBytes, end - first, channels, to);
        }
      }
      dy += <usize>outWidth * pixelBytes;
    }
    x += <usize>(height * width) * pixelBytes;
  }
}

/** gradient[c] += Σ x[·][c] · dy[·][c] over `count` pixels. */
function addProducts(x: usize, xStep: usize, dy: usize, dyStep: usize, count: i32, channels: i32, gradient: usize): void {
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
    storeUpTo(gradient, f32x4.add(loadUpTo(gradient, lanes), sum), lanes);
    x += 16;
    dy += 16;
    gradient += 16;
  }
}
