import { addRun, CHAIN, sumOfLanes64 } from './compensated';
import { loadUpTo, storeUpTo } from './lanes';
import { multiplyAdd } from './multiply-add';

/*
 * A row vector times a matrix. Every element of the matrix is used once, so it is read in place: packing would take longer than
 * the product.
 */

/** y[j] = start[j], or 0 where `start` is 0. */
@inline
function begin(y: usize, start: usize, n: i32): void {
  if (start) memory.copy(y, start, <usize>n << 2);
  else memory.fill(y, 0, <usize>n << 2);
}

/** Clamps the `n` floats at `y`, in place; NaN stays. */
export function clampRow(y: usize, n: i32, low: f32, high: f32): void {
  const lowest = f32x4.splat(low), highest = f32x4.splat(high);
  for (; n > 0; n -= 4) {
    storeUpTo(y, f32x4.pmin(f32x4.pmax(loadUpTo(y, n), lowest), highest), n);
    y += 16;
  }
}

/** Rows of the matrix whose products are added up plainly. Four rows make one term. */
const ROWS: i32 = 4 * CHAIN;

/** Floats of scratch that `rowTimesMatrix` needs: the products of some rows, and what their total has lost. */
@inline
export function thinScratch(n: i32, k: i32): i32 {
  return k > ROWS ? 2 * n : 0;
}

/** y = clamp(a·b + start); elements of a are `step` bytes apart, rows of b follow one another. */
export function rowTimesMatrix(
  a: usize, step: usize, b: usize, y: usize, k: i32, n: i32, start: usize, low: f32, high: f32, scratch: usize,
): void {
  begin(y, start, n);
  const bytes = <usize>n << 2;
  if (k <= ROWS) {
    addProducts(a, step, b, y, k, n);
  } else {
    const lost = scratch + bytes;
    memory.fill(lost, 0, bytes);
    for (; k > 0; k -= ROWS) {
      const rows = min(k, ROWS);
      memory.fill(scratch, 0, bytes);
      addProducts(a, step, b, scratch, rows, n);
      addRun(scratch, y, lost, n);
      a += <usize>rows * step;
      b += <usize>rows * bytes;
    }
  }
  clampRow(y, n, low, high);
}

/** Rows of so many columns are read one after the other, as they lie in memory: it fetches ahead of one long walk better than of four. */
const LONG: i32 = 64;

/** y += a·b. */
function addProducts(a: usize, step: usize, b: usize, y: usize, k: i32, n: i32): void {
  const bytes = <usize>n << 2;
  for (; n >= LONG && k > 0; k--) {
    const x = v128.load32_splat(a);
    let at: usize = 0;
    for (; at <= bytes - 64; at += 64) {
      v128.store(y + at, multiplyAdd(x, v128.load(b + at), v128.load(y + at)));
      v128.store(y + at, multiplyAdd(x, v128.load(b + at, 16), v128.load(y + at, 16)), 16);
      v128.store(y + at, multiplyAdd(x, v128.load(b + at, 32), v128.load(y + at, 32)), 32);
      v128.store(y + at, multiplyAdd(x, v128.load(b + at, 48), v128.load(y + at, 48)), 48);
    }
    for (let count = <i32>((bytes - at) >> 2); count > 0; count -= 4) {
      storeUpTo(y + at, multiplyAdd(x, loadUpTo(b + at, count), loadUpTo(y + at, count)), count);
      at += 16;
    }
    a += step;
    b += bytes;
  }
  for (; k >= 4; k -= 4) {
    const a0 = v128.load32_splat(a), a1 = v128.load32_splat(a + step);
    const a2 = v128.load32_splat(a + 2 * step), a3 = v128.load32_splat(a + 3 * step);
    const b1 = b + bytes, b2 = b1 + bytes, b3 = b2 + bytes;
    let at: usize = 0;
    let count = n;
    for (; count >= 4; count -= 4) {
      let sum = multiplyAdd(a1, v128.load(b1 + at), f32x4.mul(a0, v128.load(b + at)));
      sum = multiplyAdd(a3, v128.load(b3 + at), multiplyAdd(a2, v128.load(b2 + at), sum));
      v128.store(y + at, f32x4.add(v128.load(y + at), sum));
      at += 16;
    }
    if (count) {
      let sum = multiplyAdd(a1, loadUpTo(b1 + at, count), f32x4.mul(a0, loadUpTo(b + at, count)));
      sum = multiplyAdd(a3, loadUpTo(b3 + at, count), multiplyAdd(a2, loadUpTo(b2 + at, count), sum));
      storeUpTo(y + at, f32x4.add(loadUpTo(y + at, count), sum), count);
    }
    a += 4 * step;
    b = b3 + bytes;
  }
  for (; k > 0; k--) {
    const a0 = v128.load32_splat(a);
    let to = y;
    for (let count = n; count > 0; count -= 4) {
      storeUpTo(to, multiplyAdd(a0, loadUpTo(b, count), loadUpTo(to, count)), count);
      to += 16;
      b += <usize>min(count, 4) << 2;
    }
    a += step;
  }
}

/** Elements of a dot product that 16 lanes add up plainly. */
const ELEMENTS: i32 = 16 * CHAIN;

/** y = clamp(a·bᵀ + start): dot products of a with the n rows of b, all contiguous. */
export function rowTimesTransposed(a: usize, b: usize, y: usize, k: i32, n: i32, start: usize, low: f32, high: f32): void {
  const bytes = <usize>k << 2;
  for (let row = 0; row < n; row++) {
    let total: f64 = start ? load<f32>(start + (<usize>row << 2)) : 0;
    let at: usize = 0;
    for (let left = k; left > 0; left -= ELEMENTS) {
      let s0 = f32x4.splat(0), s1 = s0, s2 = s0, s3 = s0;
      let count = min(left, ELEMENTS);
      for (; count >= 16; count -= 16) {
        s0 = multiplyAdd(v128.load(a + at), v128.load(b + at), s0);
        s1 = multiplyAdd(v128.load(a + at, 16), v128.load(b + at, 16), s1);
        s2 = multiplyAdd(v128.load(a + at, 32), v128.load(b + at, 32), s2);
        s3 = multiplyAdd(v128.load(a + at, 48), v128.load(b + at, 48), s3);
        at += 64;
      }
      for (; count > 0; count -= 4) {
        s0 = multiplyAdd(loadUpTo(a + at, count), loadUpTo(b + at, count), s0);
        at += 16;
      }
      total += sumOfLanes64(f32x4.add(f32x4.add(s0, s1), f32x4.add(s2, s3)));
    }
    store<f32>(y + (<usize>row << 2), <f32>total);
    b += bytes;
  }
  clampRow(y, n, low, high);
}
