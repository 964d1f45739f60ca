import { loadUpTo, storeUpTo } from './lanes';
import { addPromoted } from './reduce-sum';
import { endTap, firstTap } from './window';

/** So many elements of a window are added up in float32; those sums meet in float64. */
const BLOCK: i32 = 28;

/** Whether windows are so large that `averagePoolOfMany` has to be taken. */
@inline
export function hasMany(filterHeight: i32, filterWidth: i32): bool {
  return <i64>filterHeight * filterWidth > BLOCK;
}

/** As `averagePool`, for windows of many elements. `totals` is room for four float64. */
export function averagePoolOfMany(
  x: usize, y: usize, batch: i32, height: i32, width: i32, channels: i32, outHeight: i32, outWidth: i32,
  filterHeight: i32, filterWidth: i32, strideHeight: i32, strideWidth: i32,
  dilationHeight: i32, dilationWidth: i32, top: i32, left: i32, totals: usize,
): void {
  const pixelBytes = <usize>channels << 2;
  const tapJump = <usize>dilationWidth * pixelBytes;
  const tapRowJump = <usize>(dilationHeight * width) * pixelBytes;
  for (let image = 0; image < batch; image++) {
    for (let outRow = 0; outRow < outHeight; outRow++) {
      const startRow = outRow * strideHeight - top;
      const firstRow = firstTap(startRow, dilationHeight);
      const rows = endTap(startRow, dilationHeight, filterHeight, height) - firstRow;
      for (let outColumn = 0; outColumn < outWidth; outColumn++) {
        const startColumn = outColumn * strideWidth - left;
        const firstColumn = firstTap(startColumn, dilationWidth);
        const columns = endTap(startColumn, dilationWidth, filterWidth, width) - firstColumn;
        const count = f64x2.splat(<f64>max(max(rows, 0) * max(columns, 0), 1));
        let corner = x + <usize>((startRow + firstRow * dilationHeight) * width + startColumn + firstColumn * dilationWidth) * pixelBytes;
        for (let remaining = channels; remaining > 0; remaining -= 4) {
          const sum = sumOfWindow(corner, rows, columns, tapRowJump, tapJump, remaining, totals, count);
          storeUpTo(y, sum, remaining);
          corner += 16;
          y += <usize>min(remaining, 4) << 2;
        }
      }
    }
    x += <usize>(height * width) * pixelBytes;
  }
}

/** The sum of a window's elements, of four channels or as many as there are, divided by `count`. */
@inline
function sumOfWindow(corner: usize, rows: i32, columns: i32, tapRowJump: usize, tapJump: usize, lanes: i32, totals: usize, count: v128): v128 {
  const none = f64x2.splat(0);
  v128.store(totals, none);
  v128.store(totals, none, 16);
  let sum = f32x4.splat(0);
  let room = BLOCK;
  for (let r = 0; r < rows; r++) {
    let tap = corner;
    for (let left = columns; left > 0;) {
      if (room == 0) {
        addPromoted(totals, sum);
        sum = f32x4.splat(0);
        room = BLOCK;
      }
      let some = min(left, room);
      room -= some;
      left -= some;
      for (; some > 0; some--) {
        sum = f32x4.add(sum, loadUpTo(tap, lanes));
        tap += tapJump;
      }
    }
    corner += tapRowJump;
  }
  addPromoted(totals, sum);
  const low = f32x4.demote_f64x2_zero(f64x2.div(v128.load(totals), count));
  const high = f32x4.demote_f64x2_zero(f64x2.div(v128.load(totals, 16), count));
  return i32x4.shuffle(low, high, 0, 1, 4, 5);
}
