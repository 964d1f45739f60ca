import { PANEL } from './product-tile';
import { storeTransposed } from './transpose-block';

/*
 * Panels are the right operand of a product, cut into strips of 8 columns. A panel holds one row of starting values (a bias, or
 * zeros) and then its rows one after another. A remainder of 5 to 7 columns gets a panel of 8, one of 1 to 4 a panel of 4, filled
 * up with zeros. Panels follow one another without gaps.
 */

/** The width in memory of the panel that starts at `column` of `columns`. */
@inline
export function panelWidth(column: i32, columns: i32): i32 {
  return columns - column > PANEL / 2 ? PANEL : PANEL / 2;
}

/** Floats of rows×columns elements when packed. */
export function packedLength(rows: i32, columns: i32): i32 {
  const whole = columns & -PANEL;
  const rest = columns - whole;
  return (rows + 1) * (whole + (rest > PANEL / 2 ? PANEL : rest > 0 ? PANEL / 2 : 0));
}

@inline
function copySome(target: usize, source: usize, count: i32, width: i32): void {
  for (let i = 0; i < width; i++) {
    store<f32>(target + (i << 2), i < count ? load<f32>(source + (i << 2)) : 0);
  }
}

/** Writes the row of starting values and returns the address of the panel's first row. */
function packStart(target: usize, start: usize, count: i32, width: i32): usize {
  if (start) copySome(target, start, count, width);
  else memory.fill(target, 0, width << 2);
  return target + (width << 2);
}

/**
 * Packs rows×columns floats whose rows are contiguous and `rowStride` bytes apart. `start` is the address of `columns` starting
 * values, or 0 for zeros.
 */
export function packPanels(source: usize, rowStride: usize, rows: i32, columns: i32, start: usize, target: usize): void {
  let column = 0;
  while (column < columns) {
    const width = panelWidth(column, columns);
    const count = min(width, columns - column);
    target = packStart(target, start ? start + (column << 2) : 0, count, width);
    let from = source + (column << 2);
    if (count == 8) {
      for (let row = 0; row < rows; row++) {
        v128.store(target, v128.load(from));
        v128.store(target, v128.load(from, 16), 16);
        from += rowStride;
        target += 32;
      }
    } else if (count == 4) {
      for (let row = 0; row < rows; row++) {
        v128.store(target, v128.load(from));
        from += rowStride;
        target += 16;
      }
    } else {
      for (let row = 0; row < rows; row++) {
        copySome(target, from, count, width);
        from += rowStride;
        target += width << 2;
      }
    }
    column += width;
  }
}

/** Writes up to 4 contiguous runs of `length` floats, `stride` bytes apart, as columns of the target. */
function transposeRuns(source: usize, stride: usize, length: i32, count: i32, target: usize, targetStride: usize): void {
  const s1 = source + (count > 1 ? stride : 0);
  const s2 = source + (count > 2 ? 2 * stride : 0);
  const s3 = source + (count > 3 ? 3 * stride : 0);
  let at: usize = 0;
  let k = 0;
  if (count == 4) {
    for (; k <= length - 4; k += 4) {
      storeTransposed(target, targetStride, v128.load(source + at), v128.load(s1 + at), v128.load(s2 + at), v128.load(s3 + at));
      at += 16;
      target += 4 * targetStride;
    }
  }
  for (; k < length; k++) {
    store<f32>(target, load<f32>(source + at));
    store<f32>(target, count > 1 ? load<f32>(s1 + at) : 0, 4);
    store<f32>(target, count > 2 ? load<f32>(s2 + at) : 0, 8);
    store<f32>(target, count > 3 ? load<f32>(s3 + at) : 0, 12);
    at += 4;
    target += targetStride;
  }
}

/** Writes `count` runs as the columns of a panel of `width`. */
function transposeStrip(source: usize, stride: usize, length: i32, count: i32, width: i32, target: usize): void {
  const bytes = <usize>width << 2;
  transposeRuns(source, stride, length, min(count, 4), target, bytes);
  if (width > 4) transposeRuns(source + 4 * stride, stride, length, count - 4, target + 16, bytes);
}

/** As `packPanels`, for a transposed right operand: its columns are contiguous and `columnStride` bytes apart. */
export function packPanelsTransposed(source: usize, columnStride: usize, rows: i32, columns: i32, start: usize, target: usize): void {
  let column = 0;
  while (column < columns) {
    const width = panelWidth(column, columns);
    const count = min(width, columns - column);
    const bytes = <usize>width << 2;
    target = packStart(target, start ? start + (column << 2) : 0, count, width);
    transposeStrip(source + <usize>column * columnStride, columnStride, rows, count, width, target);
    target += <usize>rows * bytes;
    column += width;
  }
}

/**
 * Packs a transposed left operand (columns×rows, `stride` bytes from one column to the next) into strips of 4 rows, column after
 * column. The last strip is filled up with zeros.
 */
export function packStrips(source: usize, stride: usize, rows: i32, columns: i32, target: usize): void {
  for (let column = 0; column < columns; column++) {
    let to = target + (<usize>column << 4);
    let row = 0;
    for (; row <= rows - 4; row += 4) {
      v128.store(to, v128.load(source + (row << 2)));
      to += <usize>columns << 4;
    }
    if (row < rows) copySome(to, source + (row << 2), rows - row, 4);
    source += stride;
  }
}

/**
 * Packs some taps of a filter [·, filterWidth, channels, outChannels] as the right operand of the gradient to the input. Its rows
 * are pairs of a tap and an output channel, the last tap first; its columns are channels.
 */
export function packFilterTransposed(
  filter: usize, filterWidth: i32, firstRow: i32, tapRows: i32, rowStep: i32, firstColumn: i32, tapColumns: i32, columnStep: i32,
  channels: i32, outChannels: i32, start: usize, target: usize,
): void {
  const channelStride = <usize>outChannels << 2;
  const tapBytes = <usize>channels * channelStride;
  let channel = 0;
  while (channel < channels) {
    const width = panelWidth(channel, channels);
    const count = min(width, channels - channel);
    const bytes = <usize>width << 2;
    target = packStart(target, start ? start + (channel << 2) : 0, count, width);
    for (let row = tapRows - 1; row >= 0; row--) {
      for (let column = tapColumns - 1; column >= 0; column--) {
        const tap = (firstRow + row * rowStep) * filterWidth + firstColumn + column * columnStep;
        transposeStrip(filter + <usize>tap * tapBytes + <usize>channel * channelStride, channelStride, outChannels, count, width, target);
        target += <usize>outChannels * bytes;
      }
    }
    channel += width;
  }
}
