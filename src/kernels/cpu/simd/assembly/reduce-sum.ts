import { sumOfLanes64 } from './compensated';
import { loadSome, loadUpTo, storeSome, storeUpTo } from './lanes';

/*
 * Sums and means of float32, whose error must not grow with the number of terms (see compensated.ts). Many independent lanes and
 * small trees add up the terms of a block. The sums of blocks meet in float64. At most 31 roundings lie between a term and the
 * result.
 */

/** Elements of a block of a row: 28 pairs a lane. */
const BLOCK: i32 = 896;

/** The sum of one row. */
@inline
function sumOfRow(x: usize, length: i32): f64 {
  let total: f64 = 0;
  while (length >= 32) {
    const count = min(length, BLOCK) & -32;
    const end = x + (<usize>count << 2);
    let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
    while (x < end) {
      s0 = f32x4.add(s0, f32x4.add(v128.load(x), v128.load(x, 64)));
      s1 = f32x4.add(s1, f32x4.add(v128.load(x, 16), v128.load(x, 80)));
      s2 = f32x4.add(s2, f32x4.add(v128.load(x, 32), v128.load(x, 96)));
      s3 = f32x4.add(s3, f32x4.add(v128.load(x, 48), v128.load(x, 112)));
      x += 128;
    }
    total += sumOfLanes64(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    length -= count;
  }
  let rest = f32x4.splat(0);
  for (; length >= 4; length -= 4) {
    rest = f32x4.add(rest, v128.load(x));
    x += 16;
  }
  if (length) rest = f32x4.add(rest, loadSome(x, length));
  return total + sumOfLanes64(rest);
}

/** Rows of a block of rows: 16 trees of 8. */
const ROWS: i32 = 128;
/** Rows whose blocks are added up in float32. */
const MANY_ROWS: i32 = 8 * ROWS;

/** The sum of one vector of each of 8 rows, added up as a tree. */
@inline
function sumOfEight(x: usize, rowBytes: usize, count: i32): v128 {
  const other = x + 4 * rowBytes;
  const x0 = loadUpTo(x, count), x1 = loadUpTo(x + rowBytes, count);
  const x2 = loadUpTo(x + 2 * rowBytes, count), x3 = loadUpTo(x + 3 * rowBytes, count);
  const x4 = loadUpTo(other, count), x5 = loadUpTo(other + rowBytes, count);
  const x6 = loadUpTo(other + 2 * rowBytes, count), x7 = loadUpTo(other + 3 * rowBytes, count);
  return f32x4.add(f32x4.add(f32x4.add(x0, x1), f32x4.add(x2, x3)), f32x4.add(f32x4.add(x4, x5), f32x4.add(x6, x7)));
}

/** y[j] += the sum of `rows` rows at column j. */
function addRows(x: usize, rowBytes: usize, rows: i32, length: i32, y: usize): void {
  for (; rows >= 8; rows -= 8) {
    let from = x;
    let to = y;
    let count = length;
    for (; count >= 4; count -= 4) {
      v128.store(to, f32x4.add(v128.load(to), sumOfEight(from, rowBytes, 4)));
      from += 16;
      to += 16;
    }
    if (count) storeSome(to, f32x4.add(loadSome(to, count), sumOfEight(from, rowBytes, count)), count);
    x += 8 * rowBytes;
  }
  for (; rows > 0; rows--) {
    let from = x;
    let to = y;
    for (let count = length; count > 0; count -= 4) {
      storeUpTo(to, f32x4.add(loadUpTo(to, count), loadUpTo(from, count)), count);
      from += 16;
      to += 16;
    }
    x += rowBytes;
  }
}

/** y[j] = the sum of at most `MANY_ROWS` rows at column j; `block` is room for one row. */
function sumRows(x: usize, rowBytes: usize, rows: i32, length: i32, y: usize, block: usize): void {
  memory.fill(y, 0, rowBytes);
  if (rows <= ROWS) {
    addRows(x, rowBytes, rows, length, y);
    return;
  }
  for (; rows > 0; rows -= ROWS) {
    memory.fill(block, 0, rowBytes);
    addRows(x, rowBytes, min(ROWS, rows), length, block);
    addRows(block, rowBytes, 1, length, y);
    x += ROWS * rowBytes;
  }
}

/** totals[j] += x[j]. The totals are float64; their number is the length rounded up to a multiple of 4. */
function addToTotals(x: usize, totals: usize, length: i32): void {
  for (; length > 0; length -= 4) {
    addPromoted(totals, loadUpTo(x, length));
    x += 16;
    totals += 32;
  }
}

/** Adds four float32 to four float64. */
@inline
export function addPromoted(totals: usize, x: v128): void {
  v128.store(totals, f64x2.add(v128.load(totals), f64x2.promote_low_f32x4(x)));
  const high = i32x4.shuffle(x, x, 2, 3, 0, 1);
  v128.store(totals, f64x2.add(v128.load(totals, 16), f64x2.promote_low_f32x4(high)), 16);
}

@inline
function roundedUp(inner: i32): i32 {
  return (inner + 3) & -4;
}

/** Bytes of scratch of `reduce_sum` and `reduce_mean`: a row in float32 and one in float64, as far as they are needed. */
export function reduceSumScratch(extent: i32, inner: i32): i32 {
  if (inner == 1 || extent <= ROWS) return 0;
  return roundedUp(inner) * (extent > MANY_ROWS ? 12 : 4);
}

/** [outer, extent, inner] → [outer, inner]: the sums over `extent`, or their means. */
@inline
function reduce(mean: bool, x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void {
  const divisor: f64 = extent;
  if (inner == 1) {
    for (let i = 0; i < outer; i++) {
      const total = sumOfRow(x, extent);
      store<f32>(y, <f32>(mean ? total / divisor : total));
      x += <usize>extent << 2;
      y += 4;
    }
    return;
  }
  const rowBytes = <usize>inner << 2;
  const totals = scratch + (<usize>roundedUp(inner) << 2);
  for (let i = 0; i < outer; i++) {
    if (extent <= MANY_ROWS) {
      sumRows(x, rowBytes, extent, inner, y, scratch);
      x += <usize>extent * rowBytes;
      if (mean) divide(y, inner, <f32>extent);
    } else {
      memory.fill(totals, 0, <usize>roundedUp(inner) << 3);
      for (let left = extent; left > 0; left -= MANY_ROWS) {
        const rows = min(left, MANY_ROWS);
        sumRows(x, rowBytes, rows, inner, y, scratch);
        addToTotals(y, totals, inner);
        x += <usize>rows * rowBytes;
      }
      for (let j = 0; j < inner; j++) {
        const total = load<f64>(totals + (<usize>j << 3));
        store<f32>(y + (<usize>j << 2), <f32>(mean ? total / divisor : total));
      }
    }
    y += rowBytes;
  }
}

function divide(y: usize, length: i32, divisor: f32): void {
  for (; length > 0; length -= 4) {
    storeUpTo(y, f32x4.div(loadUpTo(y, length), f32x4.splat(divisor)), length);
    y += 16;
  }
}

/** Sums over `extent`. `scratch` may be 0 where `reduceSumScratch` gives 0. */
export function reduce_sum(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce(false, x, y, outer, extent, inner, scratch); }
/** Means over `extent`. `scratch` may be 0 where `reduceSumScratch` gives 0. */
export function reduce_mean(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce(true, x, y, outer, extent, inner, scratch); }
