import { addRun, CHAINS } from './compensated';
import { packPanels, packPanelsTransposed, packStrips, packedLength, panelWidth } from './pack-panels';
import { ASIDE_BYTES, isDeep, tile4, tile8 } from './product-tile';
import { clampRow, rowTimesMatrix, rowTimesTransposed, thinScratch } from './thin-product';

/*
 * Block sizes. A panel of `DEPTH` rows (8 floats each) stays in the first-level cache while `HEIGHT`
 * rows of the left operand pass by from the second level; a block of right-operand panels,
 * DEPTH × WIDTH, stays in the second level.
 */
const DEPTH: i32 = 512;
const HEIGHT: i32 = 32;
const WIDTH: i32 = 512;

/** A longer k is cut into spans of this depth, whose products meet in compensated totals, for `SPAN_HEIGHT` rows at a time. */
const SPAN: i32 = CHAINS * DEPTH;
const SPAN_HEIGHT: i32 = 512;

/** The depth of each block when `k` is cut into equal blocks of at most `DEPTH`. */
@inline
function blockDepth(k: i32): i32 {
  const blocks = (k + DEPTH - 1) / DEPTH;
  return (k + blocks - 1) / blocks;
}

/** Whether the left operand has at most two rows, or the right one a single column. A column with a bias is too rare for code of its own. */
@inline
function isThin(m: i32, n: i32, bias: usize): bool {
  return m <= 2 || (n == 1 && !bias);
}

function thin(
  a: usize, transposeA: bool, b: usize, transposeB: bool, c: usize, m: i32, n: i32, k: i32,
  bias: usize, low: f32, high: f32, scratch: usize,
): void {
  if (m > 2) {
    // a column: its transpose is bᵀ·aᵀ
    if (transposeA) rowTimesMatrix(b, 4, a, c, k, m, 0, low, high, scratch);
    else rowTimesTransposed(b, a, c, k, m, 0, low, high);
    return;
  }
  for (let row = 0; row < m; row++) {
    const from = a + (<usize>(row * (transposeA ? 1 : k)) << 2);
    const to = c + (<usize>(row * n) << 2);
    // dot products need a row of a that is contiguous
    if (!transposeB) rowTimesMatrix(from, transposeA ? <usize>m << 2 : 4, b, to, k, n, bias, low, high, scratch);
    else rowTimesTransposed(from, b, to, k, n, bias, low, high);
  }
}

/** With at most so many rows, the right operand is used too few times to repay its packing. */
const FEW: i32 = 12;

/**
 * Whether to read the right operand in place. Not where its rows are a multiple of 4 KB: they share cache sets, so a panel would not
 * stay for a second tile. Nor where columns remain of a very long k: they would be packed in their whole depth.
 */
@inline
function isFew(m: i32, n: i32, k: i32, transposeB: bool): bool {
  return m <= FEW && !transposeB && (m <= 4 || (n & 1023) != 0) && (k <= SPAN || (n & 7) == 0);
}

/**
 * The product of few rows: whole panels are read in place in b, and the columns that remain are packed. Without a bias, sums begin
 * with the zeros in the first 32 bytes of scratch.
 */
function multiplyFew(
  a: usize, step: usize, rowStride: usize, b: usize, c: usize, m: i32, n: i32, k: i32, bias: usize, low: f32, high: f32,
  scratch: usize, aside: usize,
): void {
  const deep = isDeep(k);
  const cStride = <usize>n << 2;
  const whole = n & -8;
  memory.fill(scratch, 0, 32);
  for (let column = 0; column < whole; column += 8) {
    const start = bias ? bias + (column << 2) : scratch;
    const panel = b + (column << 2);
    for (let row = 0; row < m; row += 4) {
      const height = min(4, m - row);
      const a0 = a + <usize>row * rowStride;
      const a1 = a0 + (height > 1 ? rowStride : 0);
      const a2 = a0 + (height > 2 ? 2 * rowStride : 0);
      const a3 = a0 + (height > 3 ? 3 * rowStride : 0);
      const target = c + (<usize>(row * n + column) << 2);
      const c1 = target + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
      if (deep) tile8(true, aside, a0, a1, a2, a3, step, k, 1, 0, 1, 0, start, panel, cStride, target, c1, c2, c3, height, 8, low, high, false);
      else tile8(false, 0, a0, a1, a2, a3, step, k, 1, 0, 1, 0, start, panel, cStride, target, c1, c2, c3, height, 8, low, high, false);
    }
  }
  if (whole == n) return;
  packPanels(b + (whole << 2), cStride, k, n - whole, bias ? bias + (whole << 2) : 0, scratch);
  multiplyBlock(a, step, rowStride, rowStride << 2, m, n - whole, k, scratch, c + (whole << 2), cStride, low, high, false, aside);
}

/** Floats of the packed left operand, which is packed only where it is transposed. */
@inline
function stripsLength(m: i32, depth: i32, transposeA: bool): i32 {
  return transposeA ? ((min(m, HEIGHT) + 3) & -4) * depth : 0;
}

/** Bytes of scratch that `matMul` needs. */
export function matMulScratch(m: i32, n: i32, k: i32, transposeA: bool): i32 {
  const depth = blockDepth(k);
  let floats = packedLength(depth, min(n, WIDTH)) + stripsLength(m, depth, transposeA);
  if (k > SPAN) floats += 2 * min(m, SPAN_HEIGHT) * min(n, WIDTH);
  if (isFew(m, n, k, false)) floats = max(floats, packedLength(k, n & 7) + 8);
  if (m <= 2) floats = max(floats, thinScratch(n, k));
  if (n == 1) floats = max(floats, thinScratch(m, k));
  return ASIDE_BYTES + (floats << 2);
}

/**
 * c = clamp(a·b + bias, low, high), row-major; `a` is m×k (k×m when `transposeA`), `b` is k×n (n×k when
 * `transposeB`), `bias` has n floats or is 0. All dimensions are at least 1. `c` overlaps nothing.
 */
export function matMul(
  a: usize, transposeA: bool, b: usize, transposeB: bool, c: usize, m: i32, n: i32, k: i32,
  bias: usize, low: f32, high: f32, scratch: usize,
): void {
  // one column lies in memory like one row
  if (n == 1 && !transposeA) transposeB = true;
  if (isThin(m, n, bias) && !(m == 2 && transposeA && transposeB)) {
    thin(a, transposeA, b, transposeB, c, m, n, k, bias, low, high, scratch);
    return;
  }
  const aside = scratch;
  scratch += ASIDE_BYTES;
  if (isFew(m, n, k, transposeB)) {
    multiplyFew(a, transposeA ? <usize>m << 2 : 4, transposeA ? 4 : <usize>k << 2, b, c, m, n, k, bias, low, high, scratch, aside);
    return;
  }
  const depth = blockDepth(k);
  const cStride = <usize>n << 2;
  const long = k > SPAN;
  const height = long ? min(m, SPAN_HEIGHT) : m;
  for (let column = 0; column < n; column += WIDTH) {
    const columns = min(WIDTH, n - column);
    const strips = scratch + (packedLength(depth, columns) << 2);
    // the product of one span, and what the totals in c have lost
    const sums = strips + (stripsLength(m, depth, transposeA) << 2);
    const lost = sums + (<usize>(height * columns) << 2);
    const sumsStride = <usize>columns << 2;
    for (let top = 0; top < m; top += height) {
      const bottom = min(m, top + height);
      let blocks = 0;
      for (let from = 0; from < k; from += depth) {
        const steps = min(depth, k - from);
        const last = from + steps == k;
        const isTotal = from < CHAINS * depth;
        const start: usize = from == 0 && bias ? bias + (column << 2) : 0;
        if (transposeB) packPanelsTransposed(b + ((<usize>column * k + from) << 2), <usize>k << 2, steps, columns, start, scratch);
        else packPanels(b + ((<usize>from * n + column) << 2), <usize>n << 2, steps, columns, start, scratch);
        const clamps = last && !long;
        const least: f32 = clamps ? low : -Infinity, most: f32 = clamps ? high : Infinity;
        for (let row = top; row < bottom; row += HEIGHT) {
          const rows = min(HEIGHT, bottom - row);
          const target = isTotal ? c + ((<usize>row * n + column) << 2) : sums + <usize>(row - top) * sumsStride;
          const stride = isTotal ? cStride : sumsStride;
          if (transposeA) {
            packStrips(a + ((<usize>from * m + row) << 2), <usize>m << 2, rows, steps, strips);
            multiplyBlock(strips, 16, 4, <usize>steps << 4, rows, columns, steps, scratch, target, stride, least, most, blocks > 0, aside);
          } else {
            multiplyBlock(a + ((<usize>row * k + from) << 2), 4, <usize>k << 2, <usize>k << 4, rows, columns, steps, scratch, target, stride, least, most, blocks > 0, aside);
          }
        }
        blocks++;
        if (long && (blocks == CHAINS || last)) {
          blocks = 0;
          addSpan(sums, lost, c + ((<usize>top * n + column) << 2), cStride, bottom - top, columns, isTotal, last, low, high);
        }
      }
    }
  }
}

/** Adds the product of a span to the rows of c, and clamps them after the `last` span. The `first` product is in c already. */
function addSpan(sums: usize, lost: usize, c: usize, cStride: usize, rows: i32, columns: i32, first: bool, last: bool, low: f32, high: f32): void {
  const bytes = <usize>columns << 2;
  if (first) memory.fill(lost, 0, <usize>rows * bytes);
  for (let row = 0; row < rows; row++) {
    if (!first) addRun(sums, c, lost, columns);
    if (last) clampRow(c, columns, low, high);
    sums += bytes;
    lost += bytes;
    c += cStride;
  }
}

@inline
function multiplyTiles(
  deep: bool,
  a: usize, step: usize, rowStride: usize, tileStride: usize, rows: i32, columns: i32, depth: i32,
  panel: usize, c: usize, cStride: usize, low: f32, high: f32, accumulate: bool, aside: usize,
): void {
  let column = 0;
  while (column < columns) {
    const width = panelWidth(column, columns);
    const count = min(width, columns - column);
    let source = a;
    let target = c + (column << 2);
    for (let row = 0; row < rows; row += 4) {
      const height = min(4, rows - row);
      const a1 = source + (height > 1 ? rowStride : 0);
      const a2 = source + (height > 2 ? 2 * rowStride : 0);
      const a3 = source + (height > 3 ? 3 * rowStride : 0);
      const c1 = target + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
      if (width == 8) {
        tile8(deep, aside, source, a1, a2, a3, step, depth, 1, 0, 1, 0, panel, panel + 32, 32, target, c1, c2, c3, height, count, low, high, accumulate);
      } else {
        tile4(deep, aside, source, a1, a2, a3, step, depth, 1, 0, 1, 0, panel, panel + (width << 2), target, c1, c2, c3, height, count, low, high, accumulate);
      }
      source += tileStride;
      target += cStride << 2;
    }
    panel += <usize>(depth + 1) * (width << 2);
    column += width;
  }
}

function multiplyShallow(
  a: usize, step: usize, rowStride: usize, tileStride: usize, rows: i32, columns: i32, depth: i32,
  panel: usize, c: usize, cStride: usize, low: f32, high: f32, accumulate: bool, aside: usize,
): void {
  multiplyTiles(false, a, step, rowStride, tileStride, rows, columns, depth, panel, c, cStride, low, high, accumulate, aside);
}

function multiplyDeep(
  a: usize, step: usize, rowStride: usize, tileStride: usize, rows: i32, columns: i32, depth: i32,
  panel: usize, c: usize, cStride: usize, low: f32, high: f32, accumulate: bool, aside: usize,
): void {
  multiplyTiles(true, a, step, rowStride, tileStride, rows, columns, depth, panel, c, cStride, low, high, accumulate, aside);
}

/** Multiplies one block of the left operand with all packed panels. */
function multiplyBlock(
  a: usize, step: usize, rowStride: usize, tileStride: usize, rows: i32, columns: i32, depth: i32,
  panel: usize, c: usize, cStride: usize, low: f32, high: f32, accumulate: bool, aside: usize,
): void {
  if (isDeep(depth)) multiplyDeep(a, step, rowStride, tileStride, rows, columns, depth, panel, c, cStride, low, high, accumulate, aside);
  else multiplyShallow(a, step, rowStride, tileStride, rows, columns, depth, panel, c, cStride, low, high, accumulate, aside);
}
