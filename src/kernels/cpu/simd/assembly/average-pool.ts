import { loadUpTo, storeUpTo } from './lanes';
import { addPromoted } from './reduce-sum';
import { walkWindows } from './window';

/** At most so many elements of a window are added up in float32; the sums of such runs meet in float64. */
const BLOCK: i32 = 28;

/** Whether windows are so large that they need `averagePoolOfMany`. */
@inline
export function hasMany(filterHeight: i32, filterWidth: i32): bool {
  return <i64>filterHeight * filterWidth > BLOCK;
}

@unmanaged class AverageOfMany {
  @inline
  visit(
    x: usize, y: usize, totals: usize, fourth: usize,
    output: usize, corner: usize, rows: i32, rowStep: usize, columns: i32, step: usize, channels: i32,
  ): void {
    const count = f64x2.splat(<f64>max(max(rows, 0) * max(columns, 0), 1));
    let from = x + corner, to = y + output;
    for (let remaining = channels; remaining > 0; remaining -= 4) {
      storeUpTo(to, averageOf(from, rows, rowStep, columns, step, remaining, totals, count), remaining);
      from += 16;
      to += 16;
    }
  }
}

/** Averages large windows. `totals` is room for four float64. */
export function averagePoolOfMany(x: usize, y: usize, geometry: usize, totals: usize): void {
  walkWindows<AverageOfMany>(geometry, x, y, totals, 0);
}

/** The sum of a window's elements, of the first `lanes` channels, divided by `count`. */
@inline
function averageOf(corner: usize, rows: i32, rowStep: usize, columns: i32, step: usize, lanes: i32, totals: usize, count: v128): v128 {
  const zero = f64x2.splat(0);
  v128.store(totals, zero);
  v128.store(totals, zero, 16);
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
        tap += step;
      }
    }
    corner += rowStep;
  }
  addPromoted(totals, sum);
  const low = f32x4.demote_f64x2_zero(f64x2.div(v128.load(totals), count));
  const high = f32x4.demote_f64x2_zero(f64x2.div(v128.load(totals, 16), count));
  return i32x4.shuffle(low, high, 0, 1, 4, 5);
}
