import { addCompensated, addOneCompensated } from './compensated';
import { Geometry } from './geometry';
import { loadSome, storeSome } from './lanes';
import { walkWindows } from './window';

/** The index for a window that lies in the padding altogether. */
const NOWHERE: i32 = -1;

/** The greater of two candidates and its index; the first of equals, and NaN over every number. */
@inline
function isBetter(value: v128, greatest: v128): v128 {
  const firstNaN = v128.andnot(f32x4.ne(value, value), f32x4.ne(greatest, greatest));
  return v128.or(f32x4.gt(value, greatest), firstNaN);
}

@unmanaged class Four { @inline load(from: usize, count: i32): v128 { return v128.load(from); } }
@unmanaged class Some { @inline load(from: usize, count: i32): v128 { return loadSome(from, count); } }

/** For four channels, the flat indices of the greatest elements of the window whose first tap is at `corner`. */
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

@unmanaged class IndexOfGreatest {
  @inline
  visit(
    x: usize, indices: usize, third: usize, fourth: usize,
    output: usize, corner: usize, rows: i32, rowStep: usize, columns: i32, step: usize, channels: i32,
  ): void {
    const first = <i32>(corner >> 2), below = <i32>(rowStep >> 2), right = <i32>(step >> 2);
    let to = indices + output;
    let channel = 0;
    for (; channel <= channels - 4; channel += 4) {
      v128.store(to, indexOfGreatest<Four>(x, first + channel, rows, below, columns, right, 4));
      to += 16;
    }
    const rest = channels - channel;
    if (rest) storeSome(to, indexOfGreatest<Some>(x, first + channel, rows, below, columns, right, rest), rest);
  }
}

/** For every window the flat index into x of its greatest element, as int32; −1 where it lies in the padding altogether. */
export function maxPoolIndices(x: usize, indices: usize, geometry: usize): void {
  walkWindows<IndexOfGreatest>(geometry, x, indices, 0, 0);
}

@unmanaged class GradientOfGreatest {
  @inline
  visit(
    dy: usize, x: usize, dx: usize, lost: usize,
    output: usize, corner: usize, rows: i32, rowStep: usize, columns: i32, step: usize, channels: i32,
  ): void {
    const first = <i32>(corner >> 2), below = <i32>(rowStep >> 2), right = <i32>(step >> 2);
    let from = dy + output;
    let channel = 0;
    for (; channel <= channels - 4; channel += 4) {
      addAt(dx, indexOfGreatest<Four>(x, first + channel, rows, below, columns, right, 4), from, 4, lost);
      from += 16;
    }
    const rest = channels - channel;
    if (rest) addAt(dx, indexOfGreatest<Some>(x, first + channel, rows, below, columns, right, rest), from, rest, lost);
  }
}

/** Zeroes a gradient to the input of a pooling, and the room for what rounding takes from it. */
function clearGradient(dx: usize, lost: usize, g: Geometry): void {
  const bytes = <usize>(g.batch * g.inHeight * g.inWidth * g.inChannels) << 2;
  memory.fill(dx, 0, bytes);
  if (lost) memory.fill(lost, 0, bytes);
}

/** Whether windows of 2×2 tile the image and hold whole groups of four channels. */
function isQuartered(g: Geometry): bool {
  const windows = g.filterHeight == 2 && g.filterWidth == 2 && g.strideHeight == 2 && g.strideWidth == 2;
  const plain = g.dilationHeight == 1 && g.dilationWidth == 1 && g.padTop == 0 && g.padLeft == 0;
  return windows && plain && g.inHeight == 2 * g.outHeight && g.inWidth == 2 * g.outWidth && (g.inChannels & 3) == 0;
}

/**
 * Adds each dy to dx at the greatest element of its window in x. Where one place of x may be the greatest of many windows, `lost`
 * is room for what rounding takes from dx (see compensated.ts); elsewhere it is 0.
 */
export function maxPoolGradient(dy: usize, x: usize, dx: usize, geometry: usize, lost: usize): void {
  const g = changetype<Geometry>(geometry);
  if (isQuartered(g)) {
    maxPoolGradientOfQuarters(dy, x, dx, g.batch * g.outHeight, g.outWidth, g.inChannels);
    return;
  }
  clearGradient(dx, lost, g);
  walkWindows<GradientOfGreatest>(geometry, dy, x, dx, lost);
}

@inline
function addOne(dx: usize, index: i32, dy: f32, lost: usize): void {
  const at = <usize>index << 2;
  if (lost) addOneCompensated(dy, dx + at, lost + at);
  else store<f32>(dx + at, load<f32>(dx + at) + dy);
}

/** Adds the first `count` dy to dx at the indices. All of them are NOWHERE, or none. */
function addAt(dx: usize, indices: v128, dy: usize, count: i32, lost: usize): void {
  if (i32x4.extract_lane(indices, 0) == NOWHERE) return;
  addOne(dx, i32x4.extract_lane(indices, 0), load<f32>(dy), lost);
  if (count > 1) addOne(dx, i32x4.extract_lane(indices, 1), load<f32>(dy, 4), lost);
  if (count > 2) addOne(dx, i32x4.extract_lane(indices, 2), load<f32>(dy, 8), lost);
  if (count > 3) addOne(dx, i32x4.extract_lane(indices, 3), load<f32>(dy, 12), lost);
}

/** The same for windows of 2×2 that tile the image: every element of dx is written once. `rows` counts the output rows of all images. */
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

@unmanaged class GradientOfAverage {
  @inline
  visit(
    dy: usize, dx: usize, lost: usize, fourth: usize,
    output: usize, corner: usize, rows: i32, rowStep: usize, columns: i32, step: usize, channels: i32,
  ): void {
    const count = f32x4.splat(<f32>(rows * columns));
    let tapRow = corner;
    for (let r = 0; r < rows; r++) {
      let tap = tapRow;
      for (let c = 0; c < columns; c++) {
        let to = dx + tap;
        let from = dy + output;
        let rest = channels;
        if (lost) {
          let lostOf = lost + tap;
          for (; rest > 0; rest -= 4) {
            const share = f32x4.div(rest >= 4 ? v128.load(from) : loadSome(from, rest), count);
            addCompensated(share, to, lostOf, rest);
            to += 16;
            from += 16;
            lostOf += 16;
          }
        } else {
          for (; rest >= 4; rest -= 4) {
            v128.store(to, f32x4.add(v128.load(to), f32x4.div(v128.load(from), count)));
            to += 16;
            from += 16;
          }
          if (rest) storeSome(to, f32x4.add(loadSome(to, rest), f32x4.div(loadSome(from, rest), count)), rest);
        }
        tap += step;
      }
      tapRow += rowStep;
    }
  }
}

/** Spreads each dy evenly over the elements of its window that lie inside the image. `lost` is as in `maxPoolGradient`. */
export function averagePoolGradient(dy: usize, dx: usize, geometry: usize, lost: usize): void {
  clearGradient(dx, lost, changetype<Geometry>(geometry));
  walkWindows<GradientOfAverage>(geometry, dy, dx, lost, 0);
}
