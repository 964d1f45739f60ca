import { addRun, CHAIN, CHAINS } from './compensated';
import { multiplyAdd } from './multiply-add';

/*
 * The inner loop of all matrix products and convolutions.
 *
 * A tile is 4 rows of the left operand times one packed panel (8 or 4 columns, see pack-panels.ts) of the right operand. Four
 * pointers walk the left operand. They advance by `step` bytes for each multiply-add, jump by `runJump` after a run, and by
 * `groupJump` after a group of runs; both jumps count from the place behind the last step. So one loop walks a row-major matrix
 * (one run), a patch of a padded image (a run is the contiguous part of one row of taps) or the pixels of an image (for the
 * gradient of a filter). Sums begin with the row of values at `start`: a bias or zeros.
 *
 * A tile of many multiply-adds is `deep`. It adds its sums to those at `aside` after every `CHAIN` multiply-adds, and these to a
 * compensated total after every `CHAINS` such chains (see compensated.ts).
 */

/** Tiles of more multiply-adds than this are deep. */
const SHALLOW: i32 = CHAIN + CHAIN / 4;

/** Whether tiles of so many multiply-adds are deep. */
@inline
export function isDeep(depth: i32): bool {
  return depth > SHALLOW;
}

/** Bytes at `aside`: for 4 × 8 results, the sums of chains, their total, and what the total has lost. */
export const ASIDE_BYTES: i32 = 3 * 128;

/** Adds the sums at `aside` to their total. The first sums become the total. */
function settle(aside: usize, isFirst: bool): void {
  if (isFirst) {
    memory.copy(aside + 128, aside, 128);
    memory.fill(aside + 256, 0, 128);
  } else {
    addRun(aside, aside + 128, aside + 256, 32);
  }
}

/** Columns of a full panel. A remainder of up to half as many columns gets a panel of half the width. */
export const PANEL: i32 = 8;

/** Clamps a sum; NaN stays. */
@inline
function finish(sum: v128, low: v128, high: v128): v128 {
  return f32x4.pmin(f32x4.pmax(sum, low), high);
}

@inline
function storeSome(target: usize, sum: v128, columns: i32, low: v128, high: v128, accumulate: bool): void {
  if (columns >= 4) {
    if (accumulate) sum = f32x4.add(sum, v128.load(target));
    v128.store(target, finish(sum, low, high));
    return;
  }
  if (columns <= 0) return;
  if (accumulate) {
    let before = v128.load32_zero(target);
    if (columns > 1) before = v128.load_lane<u32>(target, before, 1, 4);
    if (columns > 2) before = v128.load_lane<u32>(target, before, 2, 8);
    sum = f32x4.add(sum, before);
  }
  sum = finish(sum, low, high);
  v128.store_lane<u32>(target, sum, 0);
  if (columns > 1) v128.store_lane<u32>(target, sum, 1, 4);
  if (columns > 2) v128.store_lane<u32>(target, sum, 2, 8);
}

function storeRow8(target: usize, left: v128, right: v128, columns: i32, low: f32, high: f32, accumulate: bool): void {
  const lowest = f32x4.splat(low);
  const highest = f32x4.splat(high);
  if (columns == 8) {
    if (accumulate) {
      left = f32x4.add(left, v128.load(target));
      right = f32x4.add(right, v128.load(target, 16));
    }
    v128.store(target, finish(left, lowest, highest));
    v128.store(target, finish(right, lowest, highest), 16);
  } else {
    storeSome(target, left, columns, lowest, highest, accumulate);
    storeSome(target + 16, right, columns - 4, lowest, highest, accumulate);
  }
}

/**
 * Multiplies 4 rows with 8 columns, whose rows in the right operand are `panelStep` bytes apart (32 when packed). Stores the first
 * `rows` rows and `columns` columns, clamped to [low, high].
 */
@inline
export function tile8(
  deep: bool, aside: usize, a0: usize, a1: usize, a2: usize, a3: usize, step: usize,
  runLength: i32, runs: i32, runJump: usize, groups: i32, groupJump: usize,
  start: usize, panel: usize, panelStep: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, rows: i32, columns: i32,
  low: f32, high: f32, accumulate: bool,
): void {
  let s00 = v128.load(start);
  let s01 = v128.load(start, 16);
  let s10 = s00, s11 = s01, s20 = s00, s21 = s01, s30 = s00, s31 = s01;
  let room = CHAIN, chains = 0;
  let settled = false;
  do {
    let run = runs;
    do {
      let rest = runLength;
      do {
        let k = rest;
        if (deep) {
          if (room == 0) {
            if (chains == 0) {
              v128.store(aside, s00);
              v128.store(aside, s01, 16);
              v128.store(aside, s10, 32);
              v128.store(aside, s11, 48);
              v128.store(aside, s20, 64);
              v128.store(aside, s21, 80);
              v128.store(aside, s30, 96);
              v128.store(aside, s31, 112);
            } else {
              v128.store(aside, f32x4.add(s00, v128.load(aside)));
              v128.store(aside, f32x4.add(s01, v128.load(aside, 16)), 16);
              v128.store(aside, f32x4.add(s10, v128.load(aside, 32)), 32);
              v128.store(aside, f32x4.add(s11, v128.load(aside, 48)), 48);
              v128.store(aside, f32x4.add(s20, v128.load(aside, 64)), 64);
              v128.store(aside, f32x4.add(s21, v128.load(aside, 80)), 80);
              v128.store(aside, f32x4.add(s30, v128.load(aside, 96)), 96);
              v128.store(aside, f32x4.add(s31, v128.load(aside, 112)), 112);
            }
            room = CHAIN;
            chains++;
            if (chains == CHAINS) {
              settle(aside, !settled);
              settled = true;
              chains = 0;
            }
            s00 = f32x4.splat(0);
            s01 = s00;
            s10 = s00;
            s11 = s00;
            s20 = s00;
            s21 = s00;
            s30 = s00;
            s31 = s00;
          }
          k = min(rest, room);
          room -= k;
          rest -= k;
        }
        do {
          const left = v128.load(panel);
          const right = v128.load(panel, 16);
          const x0 = v128.load32_splat(a0);
          s00 = multiplyAdd(x0, left, s00);
          s01 = multiplyAdd(x0, right, s01);
          const x1 = v128.load32_splat(a1);
          s10 = multiplyAdd(x1, left, s10);
          s11 = multiplyAdd(x1, right, s11);
          const x2 = v128.load32_splat(a2);
          s20 = multiplyAdd(x2, left, s20);
          s21 = multiplyAdd(x2, right, s21);
          const x3 = v128.load32_splat(a3);
          s30 = multiplyAdd(x3, left, s30);
          s31 = multiplyAdd(x3, right, s31);
          a0 += step;
          a1 += step;
          a2 += step;
          a3 += step;
          panel += panelStep;
        } while (--k);
      } while (deep && rest > 0);
      a0 += runJump;
      a1 += runJump;
      a2 += runJump;
      a3 += runJump;
    } while (--run);
    a0 += groupJump;
    a1 += groupJump;
    a2 += groupJump;
    a3 += groupJump;
  } while (--groups);
  if (deep) {
    if (chains > 0) {
      s00 = f32x4.add(s00, v128.load(aside));
      s01 = f32x4.add(s01, v128.load(aside, 16));
      s10 = f32x4.add(s10, v128.load(aside, 32));
      s11 = f32x4.add(s11, v128.load(aside, 48));
      s20 = f32x4.add(s20, v128.load(aside, 64));
      s21 = f32x4.add(s21, v128.load(aside, 80));
      s30 = f32x4.add(s30, v128.load(aside, 96));
      s31 = f32x4.add(s31, v128.load(aside, 112));
    }
    if (settled) {
      s00 = f32x4.add(s00, v128.load(aside, 128));
      s01 = f32x4.add(s01, v128.load(aside, 144));
      s10 = f32x4.add(s10, v128.load(aside, 160));
      s11 = f32x4.add(s11, v128.load(aside, 176));
      s20 = f32x4.add(s20, v128.load(aside, 192));
      s21 = f32x4.add(s21, v128.load(aside, 208));
      s30 = f32x4.add(s30, v128.load(aside, 224));
      s31 = f32x4.add(s31, v128.load(aside, 240));
    }
  }
  if (columns == 8 && rows >= 4 && !accumulate) {
    const lowest = f32x4.splat(low), highest = f32x4.splat(high);
    v128.store(c0, finish(s00, lowest, highest));
    v128.store(c0, finish(s01, lowest, highest), 16);
    v128.store(c1, finish(s10, lowest, highest));
    v128.store(c1, finish(s11, lowest, highest), 16);
    v128.store(c2, finish(s20, lowest, highest));
    v128.store(c2, finish(s21, lowest, highest), 16);
    v128.store(c3, finish(s30, lowest, highest));
    v128.store(c3, finish(s31, lowest, highest), 16);
  } else {
    storeRow8(c0, s00, s01, columns, low, high, accumulate);
    if (rows > 1) storeRow8(c1, s10, s11, columns, low, high, accumulate);
    if (rows > 2) storeRow8(c2, s20, s21, columns, low, high, accumulate);
    if (rows > 3) storeRow8(c3, s30, s31, columns, low, high, accumulate);
  }
}

function storeRow4(target: usize, sum: v128, columns: i32, low: f32, high: f32, accumulate: bool): void {
  storeSome(target, sum, columns, f32x4.splat(low), f32x4.splat(high), accumulate);
}

/** As `tile8`, for the half panel of 4 columns that a remainder of columns gets. */
export function tile4(
  deep: bool, aside: usize, a0: usize, a1: usize, a2: usize, a3: usize, step: usize,
  runLength: i32, runs: i32, runJump: usize, groups: i32, groupJump: usize,
  start: usize, panel: usize,
  c0: usize, c1: usize, c2: usize, c3: usize, rows: i32, columns: i32,
  low: f32, high: f32, accumulate: bool,
): void {
  let s0 = v128.load(start);
  let s1 = s0, s2 = s0, s3 = s0;
  let room = CHAIN, chains = 0;
  let settled = false;
  do {
    let run = runs;
    do {
      let rest = runLength;
      do {
        let k = rest;
        if (deep) {
          if (room == 0) {
            if (chains == 0) {
              v128.store(aside, s0);
              v128.store(aside, s1, 16);
              v128.store(aside, s2, 32);
              v128.store(aside, s3, 48);
            } else {
              v128.store(aside, f32x4.add(s0, v128.load(aside)));
              v128.store(aside, f32x4.add(s1, v128.load(aside, 16)), 16);
              v128.store(aside, f32x4.add(s2, v128.load(aside, 32)), 32);
              v128.store(aside, f32x4.add(s3, v128.load(aside, 48)), 48);
            }
            room = CHAIN;
            chains++;
            if (chains == CHAINS) {
              settle(aside, !settled);
              settled = true;
              chains = 0;
            }
            s0 = f32x4.splat(0);
            s1 = s0;
            s2 = s0;
            s3 = s0;
          }
          k = min(rest, room);
          room -= k;
          rest -= k;
        }
        do {
          const right = v128.load(panel);
          s0 = multiplyAdd(v128.load32_splat(a0), right, s0);
          s1 = multiplyAdd(v128.load32_splat(a1), right, s1);
          s2 = multiplyAdd(v128.load32_splat(a2), right, s2);
          s3 = multiplyAdd(v128.load32_splat(a3), right, s3);
          a0 += step;
          a1 += step;
          a2 += step;
          a3 += step;
          panel += 16;
        } while (--k);
      } while (deep && rest > 0);
      a0 += runJump;
      a1 += runJump;
      a2 += runJump;
      a3 += runJump;
    } while (--run);
    a0 += groupJump;
    a1 += groupJump;
    a2 += groupJump;
    a3 += groupJump;
  } while (--groups);
  if (deep) {
    if (chains > 0) {
      s0 = f32x4.add(s0, v128.load(aside));
      s1 = f32x4.add(s1, v128.load(aside, 16));
      s2 = f32x4.add(s2, v128.load(aside, 32));
      s3 = f32x4.add(s3, v128.load(aside, 48));
    }
    if (settled) {
      s0 = f32x4.add(s0, v128.load(aside, 128));
      s1 = f32x4.add(s1, v128.load(aside, 144));
      s2 = f32x4.add(s2, v128.load(aside, 160));
      s3 = f32x4.add(s3, v128.load(aside, 176));
    }
  }
  storeRow4(c0, s0, columns, low, high, accumulate);
  if (rows > 1) storeRow4(c1, s1, columns, low, high, accumulate);
  if (rows > 2) storeRow4(c2, s2, columns, low, high, accumulate);
  if (rows > 3) storeRow4(c3, s3, columns, low, high, accumulate);
}
