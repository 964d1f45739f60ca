import { addRun, CHAINS } from './compensated';
import { Geometry } from './geometry';
import { patchTableBytes, writePatchTable } from './offset-table';
import { packPanels, packedLength, panelWidth } from './pack-panels';
import { clearImage, isBordered, paddedHeightOf, paddedLength, paddedWidthOf, padImage } from './pad-image';
import { ASIDE_BYTES, isDeep, tile4, tile8 } from './product-tile';

/** Pixels of the output gradient packed at a time: one panel of them stays in the first-level cache. */
const PIXELS: i32 = 512;

/** Output rows that a block of about `PIXELS` pixels has. */
@inline
function blockRows(outHeight: i32, outWidth: i32): i32 {
  return min(outHeight, max(1, PIXELS / outWidth));
}

/** Whether there are so many blocks that their sums must meet in a compensated total. */
@inline
function isLong(batch: i32, outHeight: i32, outWidth: i32): bool {
  const block = blockRows(outHeight, outWidth);
  return <i64>batch * ((outHeight + block - 1) / block) > CHAINS;
}

/**
 * Bytes of scratch of `conv2dFilterGradient`: sums set aside, the sums of some blocks and what the total has lost, packed rows
 * of dy, the patch table, a padded image.
 */
export function conv2dFilterGradientScratch(geometry: usize): i32 {
  const g = changetype<Geometry>(geometry);
  const packed = packedLength(blockRows(g.outHeight, g.outWidth) * g.outWidth, g.outChannels);
  const positions = g.filterHeight * g.filterWidth * g.inChannels;
  const sums = isLong(g.batch, g.outHeight, g.outWidth) ? 2 * positions * g.outChannels : 0;
  return ASIDE_BYTES + ((sums + packed + paddedLength(g)) << 2) + patchTableBytes(positions);
}

/**
 * The gradient of `conv2d` to its filter: for every patch position and output channel, the sum of x · dy over all pixels. The
 * left operand of each product is x, read pixel by pixel at four patch positions at a time. The right one is dy in panels.
 */
export function conv2dFilterGradient(x: usize, dy: usize, gradient: usize, geometry: usize, scratch: usize): void {
  const g = changetype<Geometry>(geometry);
  const batch = g.batch, height = g.inHeight, width = g.inWidth, channels = g.inChannels;
  const outHeight = g.outHeight, outWidth = g.outWidth, outChannels = g.outChannels;
  const filterHeight = g.filterHeight, filterWidth = g.filterWidth, top = g.padTop, left = g.padLeft;
  const pixelBytes = <usize>channels << 2;
  const paddedHeight = paddedHeightOf(g);
  const paddedWidth = paddedWidthOf(g);
  const bordered = isBordered(g);
  const rowBytes = <usize>(bordered ? paddedWidth : width) * pixelBytes;
  const positions = filterHeight * filterWidth * channels;
  const block = blockRows(outHeight, outWidth);
  const size = positions * outChannels;
  const long = isLong(batch, outHeight, outWidth);
  const aside = scratch;
  const sums = scratch + ASIDE_BYTES;
  const lost = sums + (<usize>size << 2);
  scratch = sums + (long ? <usize>size << 3 : 0);
  let blocks = 0;
  if (long) {
    memory.fill(gradient, 0, <usize>size << 2);
    memory.fill(lost, 0, <usize>size << 2);
  }
  const table = scratch + (packedLength(block * outWidth, outChannels) << 2);
  const padded = table + patchTableBytes(positions);
  writePatchTable(table, filterHeight, filterWidth, channels, <usize>g.dilationHeight * rowBytes, <usize>g.dilationWidth * pixelBytes);
  if (bordered) clearImage(padded, paddedHeight, rowBytes);
  const step = <usize>g.strideWidth * pixelBytes;
  const rowStep = <usize>g.strideHeight * rowBytes;
  const rowJump = rowStep - <usize>outWidth * step;
  for (let image = 0; image < batch; image++) {
    if (bordered) padImage(x, height, width, pixelBytes, top, left, paddedHeight, paddedWidth, padded);
    const source = bordered ? padded : x;
    for (let row = 0; row < outHeight; row += block) {
      const rows = min(block, outHeight - row);
      packPanels(dy, <usize>outChannels << 2, rows * outWidth, outChannels, 0, scratch);
      multiplyPixels(
        source + <usize>row * rowStep, table, positions, step, outWidth, rows, rowJump,
        scratch, outChannels, long ? sums : gradient, blocks > 0, aside,
      );
      blocks++;
      if (long && blocks == CHAINS) {
        addRun(sums, gradient, lost, size);
        blocks = 0;
      }
      dy += <usize>(rows * outWidth * outChannels) << 2;
    }
    x += <usize>(height * width) * pixelBytes;
  }
  if (long && blocks > 0) addRun(sums, gradient, lost, size);
}

@inline
function addPixels(
  deep: bool,
  source: usize, table: usize, positions: i32, step: usize, width: i32, rows: i32, rowJump: usize,
  panel: usize, columns: i32, gradient: usize, accumulate: bool, aside: usize,
): void {
  const cStride = <usize>columns << 2;
  let column = 0;
  while (column < columns) {
    const panelColumns = panelWidth(column, columns);
    const count = min(panelColumns, columns - column);
    let c = gradient + (column << 2);
    let entry = table;
    for (let position = 0; position < positions; position += 4) {
      const a0 = source + load<usize>(entry);
      const a1 = source + load<usize>(entry, 4);
      const a2 = source + load<usize>(entry, 8);
      const a3 = source + load<usize>(entry, 12);
      const c1 = c + cStride, c2 = c1 + cStride, c3 = c2 + cStride;
      if (panelColumns == 8) {
        tile8(deep, aside, a0, a1, a2, a3, step, width, rows, rowJump, 1, 0, panel, panel + 32, 32, c, c1, c2, c3, positions - position, count, -Infinity, Infinity, accumulate);
      } else {
        tile4(deep, aside, a0, a1, a2, a3, step, width, rows, rowJump, 1, 0, panel, panel + (panelColumns << 2), c, c1, c2, c3, positions - position, count, -Infinity, Infinity, accumulate);
      }
      c = c3 + cStride;
      entry += 16;
    }
    panel += <usize>(width * rows + 1) * (panelColumns << 2);
    column += panelColumns;
  }
}

function addFewPixels(
  source: usize, table: usize, positions: i32, step: usize, width: i32, rows: i32, rowJump: usize,
  panel: usize, columns: i32, gradient: usize, accumulate: bool, aside: usize,
): void {
  addPixels(false, source, table, positions, step, width, rows, rowJump, panel, columns, gradient, accumulate, aside);
}

function addManyPixels(
  source: usize, table: usize, positions: i32, step: usize, width: i32, rows: i32, rowJump: usize,
  panel: usize, columns: i32, gradient: usize, accumulate: bool, aside: usize,
): void {
  addPixels(true, source, table, positions, step, width, rows, rowJump, panel, columns, gradient, accumulate, aside);
}

/** Stores the products of a block of pixels as the gradient, or adds them to it. */
function multiplyPixels(
  source: usize, table: usize, positions: i32, step: usize, width: i32, rows: i32, rowJump: usize,
  panel: usize, columns: i32, gradient: usize, accumulate: bool, aside: usize,
): void {
  if (isDeep(width * rows)) addManyPixels(source, table, positions, step, width, rows, rowJump, panel, columns, gradient, accumulate, aside);
  else addFewPixels(source, table, positions, step, width, rows, rowJump, panel, columns, gradient, accumulate, aside);
}
