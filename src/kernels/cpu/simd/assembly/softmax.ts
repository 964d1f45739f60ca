import { exponential, exponentialOfNegative } from './elementwise/exponential';
import { logarithm } from './elementwise/logarithm';
import { loadSome, loadUpTo, storeSome, storeUpTo } from './lanes';

@inline
function sumOfLanes(x: v128): f32 {
  const pairs = f32x4.add(x, i32x4.shuffle(x, x, 2, 3, 0, 1));
  return f32x4.extract_lane(pairs, 0) + f32x4.extract_lane(pairs, 1);
}

/** The greatest of a row, in all lanes. A NaN is passed over: it comes back with the exponentials. */
@inline
function greatestOf(x: usize, length: i32): v128 {
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

/** The first `count` lanes kept, the others 0. */
@inline
function keep(x: v128, count: i32): v128 {
  return v128.and(x, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count)));
}

@inline
function scale(y: usize, factor: v128, count: i32): void {
  storeUpTo(y, f32x4.mul(loadUpTo(y, count), factor), count);
}

/**
 * The sum of e^(x − greatest) over a row. Where it `stores` them the terms go to `target`; on the way the
 * row at `other` is scaled by `factor`, which costs nothing beside the arithmetic of the exponentials.
 */
@inline
function sumOfExponentials(x: usize, length: i32, greatest: v128, stores: bool, target: usize, other: usize, factor: v128): f32 {
  let s0 = f32x4.splat(0), s1 = s0;
  for (; length >= 16; length -= 16) {
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
  for (; length > 0; length -= 4) {
    if (stores) {
      scale(other, factor, length);
      other += 16;
    }
    const e = keep(exponentialOfNegative(f32x4.sub(loadUpTo(x, length), greatest)), length);
    if (stores) storeUpTo(target, e, length);
    s0 = f32x4.add(s0, e);
    x += 16;
    target += 16;
  }
  return sumOfLanes(f32x4.add(s0, s1));
}

/** Rows of eˣ / Σ eˣ, each with its greatest element taken off first. */
export function softmax(x: usize, y: usize, rows: i32, length: i32): void {
  const bytes = <usize>length << 2;
  // the row before the first: the first itself, as it is
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
    const logarithmOfSum = logarithm(f32x4.splat(sumOfExponentials(x, length, greatest, false, 0, 0, greatest)));
    let count = length;
    for (; count > 0; count -= 4) {
      storeUpTo(y, f32x4.sub(f32x4.sub(loadUpTo(x, count), greatest), logarithmOfSum), count);
      x += 16;
      y += 16;
    }
    // back from whole vectors to the end of the row
    x += <usize>(count << 2);
    y += <usize>(count << 2);
  }
}

/** dx = y · (dy − Σ dy·y), y being the softmax. */
export function softmaxGradient(y: usize, dy: usize, dx: usize, rows: i32, length: i32): void {
  const vectors = <usize>(length & -4) << 2;
  const rest = length & 3;
  for (let row = 0; row < rows; row++) {
    let sums = f32x4.splat(0);
    for (let at: usize = 0; at < vectors; at += 16) sums = f32x4.add(sums, f32x4.mul(v128.load(dy + at), v128.load(y + at)));
    if (rest) sums = f32x4.add(sums, f32x4.mul(loadSome(dy + vectors, rest), loadSome(y + vectors, rest)));
    const sum = f32x4.splat(sumOfLanes(sums));
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

/** dx = dy − e^y · Σ dy, y being the logarithm of the softmax. */
export function logSoftmaxGradient(y: usize, dy: usize, dx: usize, rows: i32, length: i32): void {
  const vectors = <usize>(length & -4) << 2;
  const rest = length & 3;
  for (let row = 0; row < rows; row++) {
    let sums = f32x4.splat(0);
    for (let at: usize = 0; at < vectors; at += 16) sums = f32x4.add(sums, v128.load(dy + at));
    if (rest) sums = f32x4.add(sums, loadSome(dy + vectors, rest));
    const sum = f32x4.splat(sumOfLanes(sums));
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
