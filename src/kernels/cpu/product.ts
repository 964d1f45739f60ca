import type { UnaryLoop } from './unary';

/**
 * The blocked product that matrix products and convolutions share. The right operand is packed into panels of four
 * columns, so that the inner loop reads it in order; a tile of 4 × 4 results is kept in registers. Sums are float64:
 * that costs V8 nothing (float32 arithmetic is slower in JavaScript, every operation being rounded on its own).
 */

/** A matrix somewhere in `values`: element (i, j) is at start + rows[i] + columns[j]. */
export interface Matrix {
  readonly values: Float32Array;
  readonly start: number;
  readonly rows: Int32Array;
  readonly columns: Int32Array;
}

/** The same elements with rows and columns exchanged. */
export function transposed({ values, start, rows, columns }: Matrix): Matrix {
  return { values, start, rows: columns, columns: rows };
}

export interface Product {
  /** m × k. */
  readonly a: Matrix;
  /** k × n. */
  readonly b: Matrix;
  /** m × n: the n elements of a row are contiguous. */
  readonly c: Omit<Matrix, 'columns'>;
  /** One value for every column, added to the product. */
  readonly bias?: Float32Array | undefined;
  /** Applied in place to what has been stored, while it is in the cache. */
  readonly activate?: UnaryLoop | undefined;
  /** The slope of leakyRelu. */
  readonly alpha?: number;
}

const TILE = 4;
/** A block of the right operand this deep and wide stays in the second-level cache. */
const BLOCK_DEPTH = 256;
const BLOCK_WIDTH = 256;
/** Between blocks, sums are stored in float32: deep products have deeper blocks, not more of them. */
const MOST_BLOCKS = 32;

function blockDepth(k: number): number {
  return Math.max(BLOCK_DEPTH, Math.ceil(k / MOST_BLOCKS));
}

/** Floats of scratch that `multiply` needs: one packed block, each panel behind a row of starting values. */
export function packedLength(k: number, n: number): number {
  const panels = Math.ceil(Math.min(n, BLOCK_WIDTH) / TILE);
  return panels * TILE * (Math.min(k, blockDepth(k)) + 1);
}

/** Packs a block of b; the starting values are the bias at b's first row, else zeros. */
function packPanels(
  { b, bias }: Product,
  row: number,
  depth: number,
  column: number,
  width: number,
  packed: Float32Array,
): void {
  const { values, rows, columns } = b;
  let to = 0;
  for (let panel = 0; panel < width; panel += TILE) {
    for (let j = 0; j < TILE; j++) {
      const isPadding = panel + j >= width;
      const from = isPadding ? 0 : b.start + columns[column + panel + j]!;
      let at = to + j;
      packed[at] = bias && row === 0 && !isPadding ? bias[column + panel + j]! : 0;
      for (let i = row; i < row + depth; i++) packed[(at += TILE)] = isPadding ? 0 : values[from + rows[i]!]!;
    }
    to += TILE * (depth + 1);
  }
}

/** Stores the first `columns` of four results. */
function storeRow(
  c: Float32Array,
  at: number,
  columns: number,
  add: boolean,
  s0: number,
  s1: number,
  s2: number,
  s3: number,
): void {
  c[at] = add ? c[at]! + s0 : s0;
  if (columns > 1) c[at + 1] = add ? c[at + 1]! + s1 : s1;
  if (columns > 2) c[at + 2] = add ? c[at + 2]! + s2 : s2;
  if (columns > 3) c[at + 3] = add ? c[at + 3]! + s3 : s3;
}

/**
 * One tile: c[c0 + j] = panel's starting value + Σ a[a0 + offsets[k]]·panel[k, j], and so for the rows a1 … a3. All
 * sixteen sums are computed, `rows` × `columns` of them stored.
 */
// prettier-ignore
function multiplyTile(
  a: Float32Array, a0: number, a1: number, a2: number, a3: number, offsets: Int32Array, from: number, depth: number,
  packed: Float32Array, panel: number,
  c: Float32Array, c0: number, c1: number, c2: number, c3: number,
  rows: number, columns: number, add: boolean,
): void {
  let s00 = packed[panel]!, s01 = packed[panel + 1]!, s02 = packed[panel + 2]!, s03 = packed[panel + 3]!;
  let s10 = s00, s11 = s01, s12 = s02, s13 = s03;
  let s20 = s00, s21 = s01, s22 = s02, s23 = s03;
  let s30 = s00, s31 = s01, s32 = s02, s33 = s03;
  const end = from + depth;
  for (let k = from, p = panel + TILE; k < end; k++, p += TILE) {
    const offset = offsets[k]!;
    const b0 = packed[p]!, b1 = packed[p + 1]!, b2 = packed[p + 2]!, b3 = packed[p + 3]!;
    const x0 = a[a0 + offset]!;
    s00 += x0 * b0; s01 += x0 * b1; s02 += x0 * b2; s03 += x0 * b3;
    const x1 = a[a1 + offset]!;
    s10 += x1 * b0; s11 += x1 * b1; s12 += x1 * b2; s13 += x1 * b3;
    const x2 = a[a2 + offset]!;
    s20 += x2 * b0; s21 += x2 * b1; s22 += x2 * b2; s23 += x2 * b3;
    const x3 = a[a3 + offset]!;
    s30 += x3 * b0; s31 += x3 * b1; s32 += x3 * b2; s33 += x3 * b3;
  }
  storeRow(c, c0, columns, add, s00, s01, s02, s03);
  if (rows > 1) storeRow(c, c1, columns, add, s10, s11, s12, s13);
  if (rows > 2) storeRow(c, c2, columns, add, s20, s21, s22, s23);
  if (rows > 3) storeRow(c, c3, columns, add, s30, s31, s32, s33);
}

/** c = a·b + bias, activated; `packed` is scratch of `packedLength(k, n)` floats. */
export function multiply(product: Product, packed: Float32Array): void {
  const { a, b, c, activate, alpha = 0 } = product;
  const m = a.rows.length;
  const k = a.columns.length;
  const n = b.columns.length;
  const most = blockDepth(k);
  for (let column = 0; column < n; column += BLOCK_WIDTH) {
    const width = Math.min(BLOCK_WIDTH, n - column);
    // At least once, for the bias of an empty product.
    for (let from = 0; from === 0 || from < k; from += most) {
      const depth = Math.min(most, k - from);
      const isLast = from + depth === k;
      packPanels(product, from, depth, column, width, packed);
      for (let row = 0; row < m; row += TILE) {
        const rows = Math.min(TILE, m - row);
        const row1 = rows > 1 ? row + 1 : row;
        const row2 = rows > 2 ? row + 2 : row;
        const row3 = rows > 3 ? row + 3 : row;
        const a0 = a.start + a.rows[row]!;
        const a1 = a.start + a.rows[row1]!;
        const a2 = a.start + a.rows[row2]!;
        const a3 = a.start + a.rows[row3]!;
        const target = c.start + column;
        const c0 = target + c.rows[row]!;
        const c1 = target + c.rows[row1]!;
        const c2 = target + c.rows[row2]!;
        const c3 = target + c.rows[row3]!;
        for (let panel = 0; panel < width; panel += TILE) {
          // prettier-ignore
          multiplyTile(
            a.values, a0, a1, a2, a3, a.columns, from, depth,
            packed, panel * (depth + 1),
            c.values, c0 + panel, c1 + panel, c2 + panel, c3 + panel,
            rows, Math.min(TILE, width - panel), from > 0,
          );
        }
        if (!activate || !isLast) continue;
        for (let i = row; i < row + rows; i++) {
          const at = target + c.rows[i]!;
          activate(c.values, c.values, at, at + width, alpha, 0);
        }
      }
    }
  }
}
