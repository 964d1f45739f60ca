import { addCompensated, addOneCompensated } from './compensated';
import { loadSome, storeSome } from './lanes';
import { endTap, firstTap } from './window';

/** Where the greatest of a window is that lies in the padding altogether. */
const NOWHERE: i32 = -1;

/** The greater of two candidates and its index; the first of equals, and NaN over every number. */
@inline
function isBetter(value: v128, greatest: v128): v128 {
  const firstNaN = v128.andnot(f32x4.ne(value, value), f32x4.ne(greatest, greatest));
  return v128.or(f32x4.gt(value, greatest), firstNaN);
}

@unmanaged class Four { @inline load(from: usize, count: i32): v128 { return v128.load(from); } }
@unmanaged class Some { @inline load(from: usize, count: i32): v128 { return loadSome(from, count); } }

/** For four channels the flat index of the greatest of a window, whose first tap is at `corner`. */
@inline
function indexOfGreatest<Lanes>(x: usize, corner: i32, rows: i32, rowStep: i32, columns: i32, step: i32, count: i32): v128 {
  const lanes = changetype<Lanes>(0);
  if (rows <= 0 || columns <= 0) return i32x4.splat(NOWHERE);
  let best = i32x4.splat(corner);
  if (rows == 2 && columns == 2) {
    const x0 = lanes.load(x + (<usize>corner << 2), count);
    const x1 = lanes.load(x + (<usize>(corner + step) << 2), count);
    const x2 = lanes.load(x + (<usize>(corner + rowStep) << 2), count);
    const x3 = lanes.load(x + (<usize>(corner + rowStep + step) << 2), count);
    const right = isBetter(x1, x0), rightBelow = isBetter(x3, x2);
    const upper = v128.bitselect(x1, x0, right), lower = v128.bitselect(x3, x2, rightBelow);
    const down = isBetter(lower, upper);
    const across = v128.bitselect(rightBelow, right, down);
    best = i32x4.add(best, v128.and(i32x4.splat(step), across));
    best = i32x4.add(best, v128.and(i32x4.splat(rowStep), down));
    return i32x4.add(best, i32x4(0, 1, 2, 3));
  }
  let greatest = lanes.load(x + (<usize>corner << 2), count);
  for (let r = 0; r < rows; r++) {
    let index = corner + r * rowStep;
    for (let c = 0; c < columns; c++) {
      const value = lanes.load(x + (<usize>index << 2), count);
      const better = isBetter(value, greatest);
      greatest = v128.bitselect(value, greatest, better);
      best = v128.bitselect(i32x4.splat(index), best, better);
      index += step;
    }
  }
  return i32x4.add(best, i32x4(0, 1, 2, 3));
}

/** For every window the flat index into x of its greatest element, as int32. */
export function maxPoolIndices(
  x: usize, indices: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32,
): void {
  const step = dilationWidth * channels;
  const rowStep = dilationHeight * width * channels;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const columns = endTap(startColumn, dilationWidth, filterWidth, width) - firstColumn;
        const corner = ((image * height + startRow + firstRow * dilationHeight) * width + startColumn + firstColumn * dilationWidth) * channels;
        let channel = 0;
        for (; channel <= channels - 4; channel += 4) {
          v128.store(indices, indexOfGreatest<Four>(x, corner + channel, rows, rowStep, columns, step, 4));
          indices += 16;
        }
        const rest = channels - channel;
        if (rest) {
          storeSome(indices, indexOfGreatest<Some>(x, corner + channel, rows, rowStep, columns, step, rest), rest);
          indices += <usize>rest << 2;
        }
      }
    }
  }
}

/**
 * Adds each dy to dx where the greatest of its window in x is. Where one place of x may be that of many windows, `lost` is room
 * for what rounding takes from dx (see compensated.ts), else 0.
 */
export function maxPoolGradient(
  dy: usize, x: usize, dx: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32, lost: usize,
): void {
  const windows = filterHeight == 2 && filterWidth == 2 && strideHeight == 2 && strideWidth == 2;
  const whole = height == 2 * outHeight && width == 2 * outWidth && top == 0 && left == 0 && (channels & 3) == 0;
  if (windows && whole && dilationHeight == 1 && dilationWidth == 1) {
    maxPoolGradientOfQuarters(dy, x, dx, batch * outHeight, outWidth, channels);
    return;
  }
  const step = dilationWidth * channels;
  const rowStep = dilationHeight * width * channels;
  const bytes = <usize>(batch * height * width * channels) << 2;
  memory.fill(dx, 0, bytes);
  if (lost) memory.fill(lost, 0, bytes);
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const columns = endTap(startColumn, dilationWidth, filterWidth, width) - firstColumn;
        const corner = ((image * height + startRow + firstRow * dilationHeight) * width + startColumn + firstColumn * dilationWidth) * channels;
        let channel = 0;
        for (; channel <= channels - 4; channel += 4) {
          addAt(dx, indexOfGreatest<Four>(x, corner + channel, rows, rowStep, columns, step, 4), dy, 4, lost);
          dy += 16;
        }
        const rest = channels - channel;
        if (rest) {
          addAt(dx, indexOfGreatest<Some>(x, corner + channel, rows, rowStep, columns, step, rest), dy, rest, lost);
          dy += <usize>rest << 2;
        }
      }
    }
  }
}

@inline
function addOne(dx: usize, index: i32, dy: f32, lost: usize): void {
  const at = <usize>index << 2;
  if (lost) addOneCompensated(dy, dx + at, lost + at);
  else store<f32>(dx + at, load<f32>(dx + at) + dy);
}

/** Adds the first `count` dy to dx at the indices, which are somewhere for all of them or for none. */
function addAt(dx: usize, indices: v128, dy: usize, count: i32, lost: usize): void {
  if (i32x4.extract_lane(indices, 0) == NOWHERE) return;
  addOne(dx, i32x4.extract_lane(indices, 0), load<f32>(dy), lost);
  if (count > 1) addOne(dx, i32x4.extract_lane(indices, 1), load<f32>(dy, 4), lost);
  if (count > 2) addOne(dx, i32x4.extract_lane(indices, 2), load<f32>(dy, 8), lost);
  if (count > 3) addOne(dx, i32x4.extract_lane(indices, 3), load<f32>(dy, 12), lost);
}

/** The same for windows of 2×2 that tile the image: every element of dx is written once. `rows` counts those of all images. */
function maxPoolGradientOfQuarters(dy: usize, x: usize, dx: usize, rows: i32, columns: i32, channels: i32): void {
  const pixelBytes = <usize>channels << 2;
  const rowBytes = 2 * <usize>columns * pixelBytes;
  const diagonal = rowBytes + pixelBytes;
  const toDx = dx - x;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const end = x + pixelBytes;
      while (x < end) {
        const x0 = v128.load(x), x1 = v128.load(x + pixelBytes);
        const x2 = v128.load(x + rowBytes), x3 = v128.load(x + diagonal);
        const right = isBetter(x1, x0), rightBelow = isBetter(x3, x2);
        const down = isBetter(v128.bitselect(x3, x2, rightBelow), v128.bitselect(x1, x0, right));
        const g = v128.load(dy);
        const above = v128.andnot(g, down), below = v128.and(g, down);
        const to = toDx + x;
        v128.store(to, v128.andnot(above, right));
        v128.store(to + pixelBytes, v128.and(above, right));
        v128.store(to + rowBytes, v128.andnot(below, rightBelow));
        v128.store(to + diagonal, v128.and(below, rightBelow));
        x += 16;
        dy += 16;
      }
      x += pixelBytes;
    }
    x += rowBytes;
  }
}

/** Spreads each dy evenly over the elements of its window that lie inside the image. `lost` is as in `maxPoolGradient`. */
export function averagePoolGradient(
  dy: usize, dx: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32, lost: usize,
): void {
  const pixelBytes = <usize>channels << 2;
  memory.fill(dx, 0, <usize>(batch * height * width) * pixelBytes);
  if (lost) memory.fill(lost, 0, <usize>(batch * height * width) * pixelBytes);
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const columns = endTap(startColumn, dilationWidth, filterWidth, width) - firstColumn;
        const count = f32x4.splat(<f32>(rows * columns));
        for (let r = 0; r < rows; r++) {
          for (let c = 0; c < columns; c++) {
            const row = startRow + (firstRow + r) * dilationHeight;
            const column = startColumn + (firstColumn + c) * dilationWidth;
            let to = dx + <usize>((image * height + row) * width + column) * pixelBytes;
            let from = dy;
            let rest = channels;
            if (lost) {
              let lostOf = lost + (to - dx);
              for (; rest > 0; rest -= 4) {
                const share = f32x4.div(rest >= 4 ? v128.load(from) : loadSome(from, rest), count);
                addCompensated(share, to, lostOf, rest);
                to += 16;
                from += 16;
                lostOf += 16;
              }
              continue;
            }
            for (; rest >= 4; rest -= 4) {
              v128.store(to, f32x4.add(v128.load(to), f32x4.div(v128.load(from), count)));
              to += 16;
              from += 16;
            }
            if (rest) storeSome(to, f32x4.add(loadSome(to, rest), f32x4.div(loadSome(from, rest), count)), rest);
          }
        }
        dy += pixelBytes;
      }
    }
  }
}
