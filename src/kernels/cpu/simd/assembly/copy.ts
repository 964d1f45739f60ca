/*
 * Copies of runs, of which concat, slice, pad, gather and their gradients consist.
 */

/** The engine's own copy moves runs that are longer. For shorter ones its call takes longer than it saves. */
const LONG: usize = 1024;
/** The same for runs between borders of padding, where the call interrupts the filling. */
const LONG_BETWEEN_BORDERS: usize = 8192;

@inline
function copyRun(x: usize, y: usize, bytes: usize, long: usize): void {
  if (bytes > long) {
    memory.copy(y, x, bytes);
    return;
  }
  const lastTurn = y + (bytes & -64);
  const end = y + (bytes & -16);
  const last = y + bytes;
  while (y < lastTurn) {
    const v0 = v128.load(x), v1 = v128.load(x, 16), v2 = v128.load(x, 32), v3 = v128.load(x, 48);
    v128.store(y, v0);
    v128.store(y, v1, 16);
    v128.store(y, v2, 32);
    v128.store(y, v3, 48);
    x += 64;
    y += 64;
  }
  while (y < end) {
    v128.store(y, v128.load(x));
    x += 16;
    y += 16;
  }
  while (y < last) {
    store<i32>(y, load<i32>(x));
    x += 4;
    y += 4;
  }
}

/** Copies outer × inner runs of `bytes` bytes. `xInner` and `yInner` are the bytes between runs, `xOuter` and `yOuter` those between rows of runs. */
export function copyRuns(
  x: usize, y: usize, outer: i32, xOuter: usize, yOuter: usize, inner: i32, xInner: usize, yInner: usize, bytes: usize,
): void {
  for (let i = 0; i < outer; i++) {
    let from = x;
    let to = y;
    for (let j = 0; j < inner; j++) {
      copyRun(from, to, bytes, LONG);
      from += xInner;
      to += yInner;
    }
    x += xOuter;
    y += yOuter;
  }
}

/**
 * Copies the runs of [outer, extent, run] at `count` indices to [outer, count, run]; a run is `bytes` bytes. An index outside of
 * [0, extent) gives zeros.
 */
export function gather(x: usize, indices: usize, y: usize, outer: i32, extent: i32, count: i32, bytes: usize): void {
  for (let i = 0; i < outer; i++) {
    for (let j = 0; j < count; j++) {
      const index = load<u32>(indices + (j << 2));
      if (index < <u32>extent) copyRun(x + <usize>index * bytes, y, bytes, LONG);
      else memory.fill(y, 0, bytes);
      y += bytes;
    }
    x += <usize>extent * bytes;
  }
}

/** Fills the bytes from `cursor` up to `end` with one word. */
@inline
function fillRun(cursor: usize, end: usize, word: v128): void {
  while (cursor + 16 <= end) {
    v128.store(cursor, word);
    cursor += 16;
  }
  while (cursor < end) {
    v128.store_lane<u32>(cursor, word, 0);
    cursor += 4;
  }
}

/**
 * As `copyRuns`, and fills the gap before each run, from `cursor` on, with `value`. Returns the end of the last run, which is the
 * `cursor` of the next call and of `fillRest`.
 */
export function padRuns(
  x: usize, y: usize, outer: i32, xOuter: usize, yOuter: usize, inner: i32, xInner: usize, yInner: usize, bytes: usize,
  cursor: usize, value: f32,
): usize {
  const word = f32x4.splat(value);
  for (let i = 0; i < outer; i++) {
    let from = x;
    let to = y;
    for (let j = 0; j < inner; j++) {
      fillRun(cursor, to, word);
      copyRun(from, to, bytes, LONG_BETWEEN_BORDERS);
      from += xInner;
      cursor = to + bytes;
      to += yInner;
    }
    x += xOuter;
    y += yOuter;
  }
  return cursor;
}

/** Fills the rest, from `cursor` up to `end`, with `value`. */
export function fillRest(cursor: usize, end: usize, value: f32): void {
  fillRun(cursor, end, f32x4.splat(value));
}
