import { exponentialOfNegative } from './elementwise/exponential';
import { logarithm } from './elementwise/logarithm';
import { sumOfLanes64 } from './compensated';
import { keep, loadUpTo, storeUpTo } from './lanes';

/* The greatest element and the sum of exponentials of a row, for softmax and cross-entropy. */

/** The greatest element of a row, in all lanes. It ignores NaN, which the exponentials bring back. */
@inline
export function greatestOf(x: usize, length: i32): v128 {
  let g0 = f32x4.splat(-Infinity), g1 = g0, g2 = g0, g3 = g0;
  for (; length >= 16; length -= 16) {
    g0 = f32x4.pmax(g0, v128.load(x));
    g1 = f32x4.pmax(g1, v128.load(x, 16));
    g2 = f32x4.pmax(g2, v128.load(x, 32));
    g3 = f32x4.pmax(g3, v128.load(x, 48));
    x += 64;
  }
  g0 = f32x4.pmax(f32x4.pmax(g0, g1), f32x4.pmax(g2, g3));
  for (; length > 0; length--) {
    g0 = f32x4.pmax(g0, v128.load32_splat(x));
    x += 4;
  }
  g0 = f32x4.pmax(g0, i32x4.shuffle(g0, g0, 2, 3, 0, 1));
  return f32x4.pmax(g0, i32x4.shuffle(g0, g0, 1, 0, 3, 2));
}

@inline
export function scale(y: usize, factor: v128, count: i32): void {
  storeUpTo(y, f32x4.mul(loadUpTo(y, count), factor), count);
}

/** Elements of a block, whose terms are added up in float32. The sums of blocks meet in float64. */
export const ROW_BLOCK: i32 = 448;

/**
 * The sum of e^(x − greatest) over a row. Where `stores` is true, the terms go to `target`, and the row at `other` is scaled by
 * `factor` at the same time, which takes no time beside the arithmetic of the exponentials.
 */
@inline
export function sumOfExponentials(x: usize, length: i32, greatest: v128, stores: bool, target: usize, other: usize, factor: v128): f32 {
  let total: f64 = 0;
  while (length >= 16) {
    let s0 = f32x4.splat(0), s1 = s0;
    let count = min(length, ROW_BLOCK) & -16;
    length -= count;
    for (; count > 0; count -= 16) {
      if (stores) {
        scale(other, factor, 4);
        scale(other + 16, factor, 4);
        scale(other + 32, factor, 4);
        scale(other + 48, factor, 4);
        other += 64;
      }
      const e0 = exponentialOfNegative(f32x4.sub(v128.load(x), greatest));
      if (stores) v128.store(target, e0);
      const e1 = exponentialOfNegative(f32x4.sub(v128.load(x, 16), greatest));
      if (stores) v128.store(target, e1, 16);
      const e2 = exponentialOfNegative(f32x4.sub(v128.load(x, 32), greatest));
      if (stores) v128.store(target, e2, 32);
      const e3 = exponentialOfNegative(f32x4.sub(v128.load(x, 48), greatest));
      if (stores) v128.store(target, e3, 48);
      s0 = f32x4.add(s0, f32x4.add(e0, e1));
      s1 = f32x4.add(s1, f32x4.add(e2, e3));
      x += 64;
      target += 64;
    }
    total += sumOfLanes64(f32x4.add(s0, s1));
  }
  let rest = f32x4.splat(0);
  for (; length > 0; length -= 4) {
    if (stores) {
      scale(other, factor, length);
      other += 16;
    }
    const e = keep(exponentialOfNegative(f32x4.sub(loadUpTo(x, length), greatest)), length);
    if (stores) storeUpTo(target, e, length);
    rest = f32x4.add(rest, e);
    x += 16;
    target += 16;
  }
  return <f32>(total + sumOfLanes64(rest));
}

/** log Σ e^(x − greatest) over a row, in all lanes. */
export function logarithmOfSum(x: usize, length: i32, greatest: v128): v128 {
  return logarithm(f32x4.splat(sumOfExponentials(x, length, greatest, false, 0, 0, greatest)));
}
