import { mergeAxes, stridesOf, type LoopNest, type Shape } from '../strides';
import { walkOuterAxes } from './walk';

/** From this many words on, `set` is faster than a loop, although it needs a view. */
const LONG_RUN = 48;
/** Side of the square tiles of a transposition, in words. A tile of x and one of y fit the first-level cache. */
const SQUARE = 32;

/** y[to + i] = x[from + i] for `length` words. */
export function copyRun(x: Int32Array, from: number, y: Int32Array, to: number, length: number): void {
  if (length >= LONG_RUN) y.set(x.subarray(from, from + length), to);
  else for (let i = 0; i < length; i++) y[to + i] = x[from + i]!;
}

/** y[yFrom + i·yRow + j] = x[xFrom + i·xRow + j·xColumn] for i < rows, j < columns. */
function copyPlane(
  x: Int32Array,
  xFrom: number,
  xRow: number,
  xColumn: number,
  y: Int32Array,
  yFrom: number,
  yRow: number,
  rows: number,
  columns: number,
): void {
  if (xColumn === 1) {
    for (let i = 0; i < rows; i++) copyRun(x, xFrom + i * xRow, y, yFrom + i * yRow, columns);
    return;
  }
  for (let top = 0; top < rows; top += SQUARE) {
    const bottom = Math.min(top + SQUARE, rows);
    for (let left = 0; left < columns; left += SQUARE) {
      const right = Math.min(left + SQUARE, columns);
      for (let i = top; i < bottom; i++) {
        let from = xFrom + i * xRow + left * xColumn;
        for (let to = yFrom + i * yRow + left; to < yFrom + i * yRow + right; to++, from += xColumn)
          y[to] = x[from]!;
      }
    }
  }
}

/** Moves the axis with x's smallest stride, apart from the last axis, to the place before the last. */
function closestAxisInside({ shape, strides }: LoopNest): LoopNest {
  const last = shape.length - 1;
  let closest = last - 1;
  for (let axis = 0; axis < last; axis++) {
    if (Math.abs(strides[0]![axis]!) < Math.abs(strides[0]![closest]!)) closest = axis;
  }
  const inside = <T>(list: readonly T[]): T[] => [
    ...list.slice(0, closest),
    ...list.slice(closest + 1, last),
    list[closest]!,
    list[last]!,
  ];
  return { shape: inside(shape), strides: strides.map(inside) };
}

/** Fills y, which has the row-major `shape`: y[index] = x[start + Σ index[axis]·strides[axis]]. Strides may be 0 or negative. */
export function copyStrided(
  x: Int32Array,
  start: number,
  strides: readonly number[],
  y: Int32Array,
  shape: Shape,
): void {
  if (y.length === 0) return;
  let nest = mergeAxes(shape, [strides, stridesOf(shape)]);
  const last = nest.shape.length - 1;
  const xColumn = nest.strides[0]![last]!;
  const columns = nest.shape[last]!;
  if (last === 0) {
    copyPlane(x, start, 0, xColumn, y, 0, 0, 1, columns);
    return;
  }
  // The last axis jumps in x, but another has a small stride there: tiles over both axes use whole cache lines.
  if (xColumn !== 1) nest = closestAxisInside(nest);
  const [xRow, yRow] = nest.strides.map((operand) => operand[last - 1]!) as [number, number];
  const rows = nest.shape[last - 1]!;
  walkOuterAxes(nest, 2, [start, 0], (offsets) => {
    copyPlane(x, offsets[0]!, xRow, xColumn, y, offsets[1]!, yRow, rows, columns);
  });
}
