import { exponential } from './elementwise/exponential';
import { sumOfLanes64 } from './compensated';
import { loadSome, loadUpTo, storeSome, storeUpTo } from './lanes';
import { greatestOf, logarithmOfSum, scale, sumOfExponentials } from './row-exponentials';

/** Rows of eˣ / Σ eˣ. The greatest element is subtracted from each row first, so that no power overflows. */
export function softmax(x: usize, y: usize, rows: i32, length: i32): void {
  const bytes = <usize>length << 2;
  // there is no row before the first: the first is scaled by 1 instead
  let before = y;
  let factor = f32x4.splat(1);
  for (let row = 0; row < rows; row++) {
    const sum = sumOfExponentials(x, length, greatestOf(x, length), true, y, before, factor);
    factor = f32x4.splat(1 / sum);
    before = y;
    x += bytes;
    y += bytes;
  }
  for (; length > 0; length -= 4) {
    scale(before, factor, length);
    before += 16;
  }
}

/** Rows of x − log Σ eˣ. */
export function logSoftmax(x: usize, y: usize, rows: i32, length: i32): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length);
    const logSum = logarithmOfSum(x, length, greatest);
    let count = length;
    for (; count > 0; count -= 4) {
      storeUpTo(y, f32x4.sub(f32x4.sub(loadUpTo(x, count), greatest), logSum), count);
      x += 16;
      y += 16;
    }
    // back from whole vectors to the end of the row
    x += <usize>(count << 2);
    y += <usize>(count << 2);
  }
}

/** Bytes of a block of vectors, added up in float32. The sums of blocks meet in float64. */
const BLOCK: usize = 28 * 16;

/** dx = y · (dy − Σ dy·y), where y is the softmax. */
export function softmaxGradient(y: usize, dy: usize, dx: usize, rows: i32, length: i32): void {
  const vectors = <usize>(length & -4) << 2;
  const rest = length & 3;
  for (let row = 0; row < rows; row++) {
    let total: f64 = 0;
    for (let at: usize = 0; at < vectors;) {
      let sums = f32x4.splat(0);
      for (const block = min(at + BLOCK, vectors); at < block; at += 16) {
        sums = f32x4.add(sums, f32x4.mul(v128.load(dy + at), v128.load(y + at)));
      }
      total += sumOfLanes64(sums);
    }
    if (rest) total += sumOfLanes64(f32x4.mul(loadSome(dy + vectors, rest), loadSome(y + vectors, rest)));
    const sum = f32x4.splat(<f32>total);
    const end = dx + vectors;
    while (dx < end) {
      v128.store(dx, f32x4.mul(v128.load(y), f32x4.sub(v128.load(dy), sum)));
      dx += 16;
      dy += 16;
      y += 16;
    }
    if (rest) storeSome(dx, f32x4.mul(loadSome(y, rest), f32x4.sub(loadSome(dy, rest), sum)), rest);
    dx += <usize>rest << 2;
    dy += <usize>rest << 2;
    y += <usize>rest << 2;
  }
}

/** dx = dy − e^y · Σ dy, where y is the logarithm of the softmax. */
export function logSoftmaxGradient(y: usize, dy: usize, dx: usize, rows: i32, length: i32): void {
  const vectors = <usize>(length & -4) << 2;
  const rest = length & 3;
  for (let row = 0; row < rows; row++) {
    let total: f64 = 0;
    for (let at: usize = 0; at < vectors;) {
      let sums = f32x4.splat(0);
      for (const block = min(at + BLOCK, vectors); at < block; at += 16) sums = f32x4.add(sums, v128.load(dy + at));
      total += sumOfLanes64(sums);
    }
    if (rest) total += sumOfLanes64(loadSome(dy + vectors, rest));
    const sum = f32x4.splat(<f32>total);
    const end = dx + vectors;
    while (dx < end) {
      v128.store(dx, f32x4.sub(v128.load(dy), f32x4.mul(exponential(v128.load(y)), sum)));
      dx += 16;
      dy += 16;
      y += 16;
    }
    if (rest) storeSome(dx, f32x4.sub(loadSome(dy, rest), f32x4.mul(exponential(loadSome(y, rest)), sum)), rest);
    dx += <usize>rest << 2;
    dy += <usize>rest << 2;
    y += <usize>rest << 2;
  }
}
