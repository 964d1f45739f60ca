import { sumOfLanes64 } from './compensated';
import { exponentialOfNegative } from './elementwise/exponential';
import { keep, loadUpTo, storeUpTo } from './lanes';
import { greatestOf, logarithmOfSum } from './row-exponentials';

/** Elements of a block, whose terms are added up in float32. The sums of blocks meet in float64. */
const BLOCK: i32 = 112;

/** Writes −Σ labels · log softmax(x) for each row. */
export function crossEntropy(labels: usize, x: usize, y: usize, rows: i32, length: i32): void {
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length);
    const logSum = logarithmOfSum(x, length, greatest);
    let total: f64 = 0;
    let count = length;
    while (count > 0) {
      let sums = f32x4.splat(0);
      for (const end = count - BLOCK; count > max(end, 0); count -= 4) {
        const below = f32x4.sub(greatest, loadUpTo(x, count));
        const label = loadUpTo(labels, count);
        // 0 · ∞ counts as 0: a class whose label is 0 may have the probability 0
        const asked = f32x4.ne(label, f32x4.splat(0));
        const loss = f32x4.mul(label, v128.and(f32x4.add(below, logSum), asked));
        sums = f32x4.add(sums, keep(loss, count));
        x += 16;
        labels += 16;
      }
      total += sumOfLanes64(sums);
    }
    // back from whole vectors to the end of the row
    x += <usize>(count << 2);
    labels += <usize>(count << 2);
    store<f32>(y, <f32>total);
    y += 4;
  }
}

/** dx = dy · (softmax(x) · Σ labels − labels); dy has one element for each row. */
export function crossEntropyGradient(labels: usize, x: usize, dy: usize, dx: usize, rows: i32, length: i32): void {
  const bytes = <usize>length << 2;
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length);
    let total: f64 = 0, labelTotal: f64 = 0;
    let at: usize = 0;
    for (let count = length; count > 0;) {
      let sums = f32x4.splat(0), labelSums = sums;
      for (const end = count - BLOCK; count > max(end, 0); count -= 4) {
        const e = keep(exponentialOfNegative(f32x4.sub(loadUpTo(x + at, count), greatest)), count);
        storeUpTo(dx + at, e, count);
        sums = f32x4.add(sums, e);
        labelSums = f32x4.add(labelSums, loadUpTo(labels + at, count));
        at += 16;
      }
      total += sumOfLanes64(sums);
      labelTotal += sumOfLanes64(labelSums);
    }
    const share = f32x4.splat(<f32>(labelTotal / total));
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
