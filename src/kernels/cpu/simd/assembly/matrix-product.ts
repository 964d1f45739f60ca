import { packPanels, packPanelsTransposed, packStrips, packedLength, panelWidth } from './pack-panels';
import { tile4, tile8 } from './product-tile';
import { rowTimesMatrix, rowTimesTransposed } from './thin-product';

/*
 * Block sizes. A panel of `DEPTH` rows (8 floats each) stays in the first-level cache while `HEIGHT`
 * rows of the left operand pass by from the second level; a block of right-operand panels,
 * DEPTH × WIDTH, stays in the second level.
 */
const DEPTH: i32 = 512;
const HEIGHT: i32 = 32;
const WIDTH: i32 = 512;

/** The depth of each block when `k` is cut into equal blocks of at most `DEPTH`. */
@inline
function blockDepth(k: i32): i32 {
  const blocks = (k + DEPTH - 1) / DEPTH;
  return (k + blocks - 1) / blocks;
}

/** Whether the product is one of vectors; a bias of one element for a whole column is not worth the code. */
@inline
function isThin(m: i32, n: i32, bias: usize): bool {
  return m <= 2 || (n == 1 && !bias);
}

function thin(
  a: usize, transposeA: bool, b: usize, transposeB: bool, c: usize, m: i32, n: i32, k: i32, bias: usize, low: f32, high: f32,
): void {
  if (m > 2) {
    // a column: its transpose is bᵀ·aᵀ
    if (transposeA) rowTimesMatrix(b, 4, a, c, k, m, 0, low, high);
    else rowTimesTransposed(b, a, c, k, m, 0, low, high);
    return;
  }
  for (let row = 0; row < m; row++) {
    const from = a + (<usize>(row * (transposeA ? 1 : k)) << 2);
    const to = c + (<usize>(row * n) << 2);
    // dot products need a row of a that is contiguous
    if (!transposeB) rowTimesMatrix(from, transposeA ? <usize>m << 2 : 4, b, to, k, n, bias, low, high);
    else rowTimesTransposed(from, b, to, k, n, bias, low, high);
  }
}

/** Up to so many rows the right operand is used too few times for its packing to be repaid. */
const FEW: i32 = 12;

/**
 * Whether to read the right operand where it lies. Rows of a multiple of 4 KB share their cache sets, so
 * that a panel of it would not stay for a second tile.
 */
@inline
function isFew(m: i32, n: i32, transposeB: bool): bool {
  return m <= FEW && !transposeB && (m <= 4 || (n & 1023) != 0);
}

/**
 * The product of few rows: whole panels are read where they lie in b, the columns that remain are
 * packed. Where there is no bias, the first 32 bytes of scratch are the zeros that sums begin with.
 */
function multiplyFew(
  a: usize, step: usize, rowStride: usize, b: usize, c: usize, m: i32, n: i32, k: i32, bias: usize, low: f32, high: f32, scratch: usize,
): void {
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
      tile8(a0, a1, a2, a3, step, k, 1, 0, 1, 0, start, panel, cStride, target, c1, c2, c3, height, 8, low, high, false);
    }
  }
  if (whole == n) return;
  packPanels(b + (whole << 2), cStride, k, n - whole, bias ? bias + (whole << 2) : 0, scratch);
  multiplyBlock(a, step, rowStride, rowStride << 2, m, n - whole, k, scratch, c + (whole << 2), cStride, low, high, false);
}

/** Bytes of scratch that `matMul` needs. */
export function matMulScratch(m: i32, n: i32, k: i32, transposeA: bool): i32 {
  if (m <= FEW) return max(packedLength(k, 8), packedLength(blockDepth(k), min(n, WIDTH)) + (transposeA ? 16 * blockDepth(k) : 0)) << 2;
  const depth = blockDepth(k);
  const strips = transposeA ? ((min(m, HEIGHT) + 3) & -4) * depth : 0;
  return (packedLength(depth, min(n, WIDTH)) + strips) << 2;
}

/**
 * c = clamp(a·b + bias, low, high), row-major; `a` is m×k (k×m when `transposeA`), `b` is k×n (n×k when
 * `transposeB`), `bias` has n floats or is 0. All dimensions are at least 1. `c` overlaps nothing.
 */
export function matMul(
  a: usize, transposeA: bool, b: usize, transposeB: bool, c: usize, m: i32, n: i32, k: i32,
  bias: usize, low: f32, high: f32, scratch: usize,
): void {
  if (isThin(m, n, bias) && !(m == 2 && transposeA && transposeB)) {
    thin(a, transposeA, b, transposeB, c, m, n, k, bias, low, high);
    return;
  }
  if (isFew(m, n, transposeB)) {
    multiplyFew(a, transposeA ? <usize>m << 2 : 4, transposeA ? 4 : <usize>k << 2, b, c, m, n, k, bias, low, high, scratch);
    return;
  }
  const depth = blockDepth(k);
  const cStride = <usize>n << 2;
  for (let column = 0; column < n; column += WIDTH) {
    const columns = min(WIDTH, n - column);
    const strips = scratch + (packedLength(depth, columns) << 2);
    for (let from = 0; from < k; from += depth) {
      const steps = min(depth, k - from);
      const first = from == 0;
      const last = from + steps == k;
      const start: usize = first && bias ? bias + (column << 2) : 0;
      if (transposeB) packPanelsTransposed(b + ((<usize>column * k + from) << 2), <usize>k << 2, steps, columns, start, scratch);
      else packPanels(b + ((<usize>from * n + column) << 2), <usize>n << 2, steps, columns, start, scratch);
      for (let row = 0; row < m; row += HEIGHT) {
        const rows = min(HEIGHT, m - row);
        const target = c + ((<usize>row * n + column) << 2);
        if (transposeA) {
          packStrips(a + ((<usize>from * m + row) << 2), <usize>m << 2, rows, steps, strips);
          multiplyBlock(strips, 16, 4, <usize>steps << 4, rows, columns, steps, scratch, target, cStride,
            last ? low : -Infinity, last ? high : Infinity, !first);
        } else {
          multiplyBlock(a + ((<usize>row * k + from) << 2), 4, <usize>k << 2, <usize>k << 4, rows, columns, steps, scratch, target, cStride,
            last ? low : -Infinity, last ? high : Infinity, !first);
        }
      }
    }
  }
}

/** All tiles of one block of the left operand with all packed panels. */
function multiplyBlock(
  a: usize, step: usize, rowStride: usize, tileStride: usize, rows: i32, columns: i32, depth: i32,
  panel: usize, c: usize, cStride: usize, low: f32, high: f32, accumulate: bool,
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
        tile8(source, a1, a2, a3, step, depth, 1, 0, 1, 0, panel, panel + 32, 32, target, c1, c2, c3, height, count, low, high, accumulate);
      } else {
        tile4(source, a1, a2, a3, step, depth, 1, 0, 1, 0, panel, panel + (width << 2), target, c1, c2, c3, height, count, low, high, accumulate);
      }
      source += tileStride;
      target += cStride << 2;
    }
    panel += <usize>(depth + 1) * (width << 2);
    column += width;
  }
}
