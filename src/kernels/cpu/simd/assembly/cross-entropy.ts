import { exponentialOfNegative } from './elementwise/exponential';
import { keep, loadUpTo, storeUpTo, sumOfLanes } from './lanes';
import { greatestOf, logarithmOfSum } from './row-exponentials';

/** Of each row, −Σ labels · log softmax(x). */
export function crossEntropy(labels: usize, x: usize, y: usize, rows: i32, length: i32): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length);
    const logSum = logarithmOfSum(x, length, greatest);
    let sums = f32x4.splat(0);
    let count = length;
    for (; count > 0; count -= 4) {
      const below = f32x4.sub(greatest, loadUpTo(x, count));
      const label = loadUpTo(labels, count);
      // 0 · ∞ counts as 0: a class that is not asked for may be impossible.
      const asked = f32x4.ne(label, f32x4.splat(0));
      const loss = f32x4.mul(label, v128.and(f32x4.add(below, logSum), asked));
      sums = f32x4.add(sums, keep(loss, count));
      x += 16;
      labels += 16;
    }
    // back from whole vectors to the end of the row
    x += <usize>(count << 2);
    labels += <usize>(count << 2);
    store<f32>(y, sumOfLanes(sums));
    y += 4;
  }
}

/** dx = dy · (softmax(x) · Σ labels − labels), dy being one for each row. */
export function crossEntropyGradient(labels: usize, x: usize, dy: usize, dx: usize, rows: i32, length: i32): void {
  const bytes = <usize>length << 2;
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length);
    let sums = f32x4.splat(0), labelSums = sums;
    let at: usize = 0;
    for (let count = length; count > 0; count -= 4) {
      const e = keep(exponentialOfNegative(f32x4.sub(loadUpTo(x + at, count), greatest)), count);
      storeUpTo(dx + at, e, count);
      sums = f32x4.add(sums, e);
      labelSums = f32x4.add(labelSums, loadUpTo(labels + at, count));
      at += 16;
    }
    const share = f32x4.splat(sumOfLanes(labelSums) / sumOfLanes(sums));
    const weight = v128.load32_splat(dy);
    at = 0;
    for (let count = length; count > 0; count -= 4) {
      const difference = f32x4.sub(f32x4.mul(loadUpTo(dx + at, count), share), loadUpTo(labels + at, count));
      storeUpTo(dx + at, f32x4.mul(weight, difference), count);
      at += 16;
    }
    labels += bytes;
    x += bytes;
    dx += bytes;
    dy += 4;
  }
}
