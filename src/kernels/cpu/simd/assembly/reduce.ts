import { loadSome, loadUpTo, storeSome, storeUpTo } from './lanes';

/*
 * THE table of reductions. `of` combines two vectors; `start` is the value that changes nothing. Where `of` would drop a NaN,
 * `spoil` keeps it: all ones, which is a NaN, or'ed into the result. Many independent lanes reduce the elements of a block, and
 * the results of blocks are reduced once more. Sums of float32 are in reduce-sum.ts.
 */

@unmanaged class Prod {
  @inline of(a: v128, b: v128): v128 { return f32x4.mul(a, b); }
  @inline start(): v128 { return f32x4.splat(1); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
}
@unmanaged class Max {
  @inline of(a: v128, b: v128): v128 { return f32x4.pmax(a, b); }
  @inline start(): v128 { return f32x4.splat(-Infinity); }
  @inline spoil(spoiled: v128, x: v128): v128 { return v128.or(spoiled, f32x4.ne(x, x)); }
}
@unmanaged class Min {
  @inline of(a: v128, b: v128): v128 { return f32x4.pmin(a, b); }
  @inline start(): v128 { return f32x4.splat(Infinity); }
  @inline spoil(spoiled: v128, x: v128): v128 { return v128.or(spoiled, f32x4.ne(x, x)); }
}
@unmanaged class IntSum {
  @inline of(a: v128, b: v128): v128 { return i32x4.add(a, b); }
  @inline start(): v128 { return i32x4.splat(0); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
}
@unmanaged class IntProd {
  @inline of(a: v128, b: v128): v128 { return i32x4.mul(a, b); }
  @inline start(): v128 { return i32x4.splat(1); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
}
@unmanaged class IntMax {
  @inline of(a: v128, b: v128): v128 { return i32x4.max_s(a, b); }
  @inline start(): v128 { return i32x4.splat(i32.MIN_VALUE); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
}
@unmanaged class IntMin {
  @inline of(a: v128, b: v128): v128 { return i32x4.min_s(a, b); }
  @inline start(): v128 { return i32x4.splat(i32.MAX_VALUE); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
}
@unmanaged class IntAll {
  @inline of(a: v128, b: v128): v128 { return v128.and(a, i32x4.shr_u(i32x4.ne(b, i32x4.splat(0)), 31)); }
  @inline start(): v128 { return i32x4.splat(1); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
}
@unmanaged class IntAny {
  @inline of(a: v128, b: v128): v128 { return v128.or(a, i32x4.shr_u(i32x4.ne(b, i32x4.splat(0)), 31)); }
  @inline start(): v128 { return i32x4.splat(0); }
  @inline spoil(spoiled: v128, x: v128): v128 { return spoiled; }
}

/** Elements of a block of a row: 64 additions a lane. */
const BLOCK: i32 = 1024;
/** Groups of 8 rows in a block of rows. */
const GROUPS: i32 = 16;

/** Reduces one row to one element. The results of blocks meet in four lanes, then in one. */
@inline
function alongRow<Row>(x: usize, length: i32): v128 {
  const row = changetype<Row>(0);
  const start = row.start();
  const none = i32x4.splat(0);
  let total = start;
  let spoiled = none;
  while (length >= 16) {
    const count = min(length, BLOCK) & -16;
    const end = x + (<usize>count << 2);
    let s0 = start, s1 = start, s2 = start, s3 = start;
    while (x < end) {
      const x0 = v128.load(x), x1 = v128.load(x, 16), x2 = v128.load(x, 32), x3 = v128.load(x, 48);
      s0 = row.of(s0, x0);
      s1 = row.of(s1, x1);
      s2 = row.of(s2, x2);
      s3 = row.of(s3, x3);
      spoiled = row.spoil(row.spoil(row.spoil(row.spoil(spoiled, x0), x1), x2), x3);
      x += 64;
    }
    total = row.of(total, row.of(row.of(s0, s1), row.of(s2, s3)));
    length -= count;
  }
  while (length >= 4) {
    const value = v128.load(x);
    total = row.of(total, value);
    spoiled = row.spoil(spoiled, value);
    x += 16;
    length -= 4;
  }
  // the lanes that remain, one by one, each in lane 0
  let first = row.of(total, i32x4.shuffle(total, total, 2, 3, 0, 1));
  first = row.of(first, i32x4.shuffle(first, first, 1, 0, 3, 2));
  while (length > 0) {
    const value = v128.load32_splat(x);
    first = row.of(first, value);
    spoiled = row.spoil(spoiled, value);
    x += 4;
    length--;
  }
  spoiled = v128.or(spoiled, i32x4.shuffle(spoiled, spoiled, 2, 3, 0, 1));
  return v128.or(first, v128.or(spoiled, i32x4.shuffle(spoiled, spoiled, 1, 0, 3, 2)));
}

/** Reduces one vector of each of 8 rows as a tree, then with `before`. A NaN in `before` stays, since it is the first operand of `of`. */
@inline
function joinedByEight<Row>(before: v128, x: usize, rowBytes: usize): v128 {
  const row = changetype<Row>(0);
  const other = x + 4 * rowBytes;
  const x0 = v128.load(x), x1 = v128.load(x + rowBytes), x2 = v128.load(x + 2 * rowBytes), x3 = v128.load(x + 3 * rowBytes);
  const x4 = v128.load(other), x5 = v128.load(other + rowBytes), x6 = v128.load(other + 2 * rowBytes), x7 = v128.load(other + 3 * rowBytes);
  const spoiled = row.spoil(row.spoil(row.spoil(row.spoil(i32x4.splat(0), x0), x1), x2), x3);
  const result = row.of(row.of(row.of(x0, x1), row.of(x2, x3)), row.of(row.of(x4, x5), row.of(x6, x7)));
  return v128.or(row.of(before, result), row.spoil(row.spoil(row.spoil(row.spoil(spoiled, x4), x5), x6), x7));
}

/** Reduces one vector with `before`. */
@inline
function joined<Row>(before: v128, value: v128): v128 {
  const row = changetype<Row>(0);
  return v128.or(row.of(before, value), row.spoil(i32x4.splat(0), value));
}

/** y[j] = y[j] ∘ the reduction of `rows` rows at column j. */
@inline
function addRows<Row>(x: usize, rowBytes: usize, rows: i32, length: i32, y: usize): void {
  for (; rows >= 8; rows -= 8) {
    let from = x;
    let to = y;
    let count = length;
    for (; count >= 4; count -= 4) {
      v128.store(to, joinedByEight<Row>(v128.load(to), from, rowBytes));
      from += 16;
      to += 16;
    }
    if (count) {
      let value = loadSome(to, count);
      for (let r = 0; r < 8; r++) {
        value = joined<Row>(value, loadUpTo(from, count));
        from += rowBytes;
      }
      storeSome(to, value, count);
    }
    x += 8 * rowBytes;
  }
  for (; rows > 0; rows--) {
    let from = x;
    let to = y;
    for (let count = length; count > 0; count -= 4) {
      storeUpTo(to, joined<Row>(loadUpTo(to, count), loadUpTo(from, count)), count);
      from += 16;
      to += 16;
    }
    x += rowBytes;
  }
}

@inline
function startRow<Row>(y: usize, length: i32): void {
  const start = changetype<Row>(0).start();
  const end = y + (<usize>(length & -4) << 2);
  while (y < end) {
    v128.store(y, start);
    y += 16;
  }
  if (length & 3) storeSome(y, start, length & 3);
}

/**
 * [outer, extent, inner] → [outer, inner]. `scratch` holds `inner` elements; it is not used, and may
 * be 0, where inner is 1.
 */
@inline
function reduce<Row>(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void {
  if (inner == 1) {
    for (let i = 0; i < outer; i++) {
      v128.store_lane<u32>(y, alongRow<Row>(x, extent), 0);
      x += <usize>extent << 2;
      y += 4;
    }
    return;
  }
  const rowBytes = <usize>inner << 2;
  for (let i = 0; i < outer; i++) {
    startRow<Row>(y, inner);
    for (let from = 0; from < extent; from += 8 * GROUPS) {
      const rows = min(8 * GROUPS, extent - from);
      if (extent <= 8 * GROUPS) {
        addRows<Row>(x, rowBytes, rows, inner, y);
      } else {
        startRow<Row>(scratch, inner);
        addRows<Row>(x, rowBytes, rows, inner, scratch);
        addRows<Row>(scratch, rowBytes, 1, inner, y);
      }
      x += <usize>rows * rowBytes;
    }
    y += rowBytes;
  }
}

export function reduce_prod(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<Prod>(x, y, outer, extent, inner, scratch); }
export function reduce_max(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<Max>(x, y, outer, extent, inner, scratch); }
export function reduce_min(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<Min>(x, y, outer, extent, inner, scratch); }
export function intReduce_sum(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<IntSum>(x, y, outer, extent, inner, scratch); }
export function intReduce_prod(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<IntProd>(x, y, outer, extent, inner, scratch); }
export function intReduce_max(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<IntMax>(x, y, outer, extent, inner, scratch); }
export function intReduce_min(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<IntMin>(x, y, outer, extent, inner, scratch); }
export function intReduce_all(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<IntAll>(x, y, outer, extent, inner, scratch); }
export function intReduce_any(x: usize, y: usize, outer: i32, extent: i32, inner: i32, scratch: usize): void { reduce<IntAny>(x, y, outer, extent, inner, scratch); }
