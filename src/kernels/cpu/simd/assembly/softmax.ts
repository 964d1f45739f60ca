import { exponential, exponentialOfNegative } from './elementwise/exponential';
import { logarithm } from './elementwise/logarithm';
import { loadSome, storeSome } from './lanes';

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

/** Rows of eˣ / Σ eˣ, each with its greatest element taken off first. */
export function softmax(x: usize, y: usize, rows: i32, length: i32): void {
  const vectors = <usize>(length & -4) << 2;
  const rest = length & 3;
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length);
    const end = x + vectors;
    let to = y;
    let sums = f32x4.splat(0);
    while (x < end) {
      const value = exponentialOfNegative(f32x4.sub(v128.load(x), greatest));
      v128.store(to, value);
      sums = f32x4.add(sums, value);
      x += 16;
      to += 16;
    }
    if (rest) {
      const value = exponentialOfNegative(f32x4.sub(loadSome(x, rest), greatest));
      storeSome(to, value, rest);
      sums = f32x4.add(sums, keep(value, rest));
      x += <usize>rest << 2;
    }
    const factor = f32x4.splat(1 / sumOfLanes(sums));
    const last = y + vectors;
    while (y < last) {
      v128.store(y, f32x4.mul(v128.load(y), factor));
      y += 16;
    }
    if (rest) {
      storeSome(y, f32x4.mul(loadSome(y, rest), factor), rest);
      y += <usize>rest << 2;
    }
  }
}

/** Rows of x − log Σ eˣ. */
export function logSoftmax(x: usize, y: usize, rows: i32, length: i32): void {
  const vectors = <usize>(length & -4) << 2;
  const rest = length & 3;
  for (let row = 0; row < rows; row++) {
    const greatest = greatestOf(x, length);
    const end = x + vectors;
    let sums = f32x4.splat(0);
    let from = x;
    while (from < end) {
      sums = f32x4.add(sums, exponentialOfNegative(f32x4.sub(v128.load(from), greatest)));
      from += 16;
    }
    if (rest) sums = f32x4.add(sums, keep(exponentialOfNegative(f32x4.sub(loadSome(from, rest), greatest)), rest));
    const logarithmOfSum = logarithm(f32x4.splat(sumOfLanes(sums)));
    while (x < end) {
      v128.store(y, f32x4.sub(f32x4.sub(v128.load(x), greatest), logarithmOfSum));
      x += 16;
      y += 16;
    }
    if (rest) {
      storeSome(y, f32x4.sub(f32x4.sub(loadSome(x, rest), greatest), logarithmOfSum), rest);
      x += <usize>rest << 2;
      y += <usize>rest << 2;
    }
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
