import { storeTransposed } from './transpose-block';

/** Columns of a strip: 16 words are one line of most caches, so each line of x is read once. */
const STRIP: i32 = 16;

/**
 * y[column][row] = x[row][column] for `count` planes of rows×columns words. `xRow` and `yRow` are the bytes between the rows of x
 * and of y, `xPlane` and `yPlane` those between planes.
 */
export function transposePlanes(
  x: usize, y: usize, count: i32, xPlane: usize, yPlane: usize, rows: i32, columns: i32, xRow: usize, yRow: usize,
): void {
  for (let plane = 0; plane < count; plane++) {
    for (let column = 0; column < columns; column += STRIP) {
      transposeStrip(x + (column << 2), y + <usize>column * yRow, rows, min(STRIP, columns - column), xRow, yRow);
    }
    x += xPlane;
    y += yPlane;
  }
}

function transposeStrip(x: usize, y: usize, rows: i32, columns: i32, xRow: usize, yRow: usize): void {
  let row = 0;
  for (; row <= rows - 4; row += 4) {
    const x1 = x + xRow, x2 = x1 + xRow, x3 = x2 + xRow;
    let at: usize = 0;
    let to = y;
    let column = 0;
    for (; column <= columns - 4; column += 4) {
      storeTransposed(to, yRow, v128.load(x + at), v128.load(x1 + at), v128.load(x2 + at), v128.load(x3 + at));
      at += 16;
      to += 4 * yRow;
    }
    for (; column < columns; column++) {
      store<i32>(to, load<i32>(x + at));
      store<i32>(to, load<i32>(x1 + at), 4);
      store<i32>(to, load<i32>(x2 + at), 8);
      store<i32>(to, load<i32>(x3 + at), 12);
      at += 4;
      to += yRow;
    }
    x = x3 + xRow;
    y += 16;
  }
  for (; row < rows; row++) {
    let to = y;
    for (let column = 0; column < columns; column++) {
      store<i32>(to, load<i32>(x + (column << 2)));
      to += yRow;
    }
    x += xRow;
    y += 4;
  }
}
