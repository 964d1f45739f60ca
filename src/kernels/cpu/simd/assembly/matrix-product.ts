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
    const from = a + (<usize>row << 2) * (transposeA ? 1 : k);
    const to = c + (<usize>row << 2) * n;
    // dot products need a row of a that is contiguous
    if (!transposeB) rowTimesMatrix(from, transposeA ? <usize>m << 2 : 4, b, to, k, n, bias, low, high);
    else rowTimesTransposed(from, b, to, k, n, bias, low, high);
  }
}

/** Bytes of scratch that `matMul` needs. */
export function matMulScratch(m: i32, n: i32, k: i32, transposeA: bool): i32 {
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
        tile8(source, a1, a2, a3, step, depth, 1, 0, 1, 0, panel, panel + (width << 2), target, c1, c2, c3, height, count, low, high, accumulate);
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
