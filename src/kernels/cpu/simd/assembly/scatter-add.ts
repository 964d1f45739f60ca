import { CHAIN } from './compensated';
import { loadSome, loadUpTo, storeSome, storeUpTo } from './lanes';
import { addPromoted } from './reduce-sum';

/** y[k] += x[k] for `length` floats. */
@inline
function addRun(x: usize, y: usize, length: i32): void {
  for (; length >= 4; length -= 4) {
    v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
    x += 16;
    y += 16;
  }
  if (length) storeSome(y, f32x4.add(loadSome(y, length), loadSome(x, length)), length);
}

/** Adds up the rows of [outer, count, inner] by their indices, into [outer, extent, inner]. An index outside of [0, extent) adds nothing. */
export function scatterAdd(x: usize, indices: usize, y: usize, outer: i32, extent: i32, count: i32, inner: i32): void {
  const bytes = <usize>inner << 2;
  memory.fill(y, 0, <usize>(outer * extent) * bytes);
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < count; j++) {
      const index = load<u32>(indices + (j << 2));
      if (index < <u32>extent) addRun(x, y + <usize>index * bytes, inner);
      x += bytes;
    }
    y += <usize>extent * bytes;
  }
}

/**
 * Counts the heavy indices, which occur more than `CHAIN` times, and numbers them. Writes an int32 for each index to the table:
 * −1 − its number for a heavy index, else 0 or more.
 */
export function countHeavy(indices: usize, extent: i32, count: i32, table: usize): i32 {
  memory.fill(table, 0, <usize>extent << 2);
  for (let j = 0; j < count; j++) {
    const index = load<u32>(indices + (j << 2));
    if (index >= <u32>extent) continue;
    const at = table + (<usize>index << 2);
    store<i32>(at, load<i32>(at) + 1);
  }
  let heavy = 0;
  for (let j = 0; j < count; j++) {
    const index = load<u32>(indices + (j << 2));
    if (index >= <u32>extent) continue;
    const at = table + (<usize>index << 2);
    if (load<i32>(at) > CHAIN) store<i32>(at, ~heavy++);
  }
  return heavy;
}

@inline
function totalBytes(inner: i32): usize {
  return <usize>((inner + 3) & -4) << 3;
}

/** Bytes of scratch of `scatterAddHeavy`: for each heavy index, a row of totals in float64 and the number of terms that y holds. */
export function scatterAddHeavyScratch(heavy: i32, inner: i32): i32 {
  return heavy * (<i32>totalBytes(inner) + 4);
}

/**
 * As `scatterAdd`, for long sums: after every `CHAIN` terms of a heavy index, its row of y moves to a row of totals in float64.
 * `table` is written by `countHeavy`. Where it is 0, every index is heavy and its own number.
 */
export function scatterAddHeavy(
  x: usize, indices: usize, y: usize, outer: i32, extent: i32, count: i32, inner: i32, table: usize, heavy: i32, scratch: usize,
): void {
  const bytes = <usize>inner << 2;
  const stride = totalBytes(inner);
  const waiting = scratch + <usize>heavy * stride;
  memory.fill(y, 0, <usize>(outer * extent) * bytes);
  for (let i = 0; i < outer; i++) {
    memory.fill(scratch, 0, <usize>heavy * (stride + 4));
    for (let j = 0; j < count; j++) {
      const index = load<u32>(indices + (j << 2));
      if (index < <u32>extent) {
        const row = y + <usize>index * bytes;
        addRun(x, row, inner);
        const number = table ? ~load<i32>(table + (<usize>index << 2)) : <i32>index;
        if (number >= 0) {
          const terms = load<i32>(waiting + (<usize>number << 2)) + 1;
          if (terms == CHAIN) moveRow(row, scratch + <usize>number * stride, inner);
          store<i32>(waiting + (<usize>number << 2), terms == CHAIN ? 0 : terms);
        }
      }
      x += bytes;
    }
    for (let index = 0; index < extent; index++) {
      const number = table ? ~load<i32>(table + (<usize>index << 2)) : index;
      if (number >= 0) finishRow(y + <usize>index * bytes, scratch + <usize>number * stride, inner);
    }
    y += <usize>extent * bytes;
  }
}

/** Adds a row of y to its totals, and zeroes the row. */
function moveRow(y: usize, totals: usize, length: i32): void {
  for (; length > 0; length -= 4) {
    addPromoted(totals, loadUpTo(y, length));
    storeUpTo(y, f32x4.splat(0), length);
    y += 16;
    totals += 32;
  }
}

/** Adds the totals of a row to the row. */
function finishRow(y: usize, totals: usize, length: i32): void {
  for (; length > 0; length--) {
    store<f32>(y, <f32>(load<f32>(y) + load<f64>(totals)));
    y += 4;
    totals += 8;
  }
}
