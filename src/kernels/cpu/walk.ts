import type { LoopNest } from '../strides';

/**
 * Walks all but the last `innerAxes` axes of a loop nest in row-major order. At each index it calls `visit` with the
 * offset of each operand (in one array, which is reused) and the number of calls before.
 *
 * @param starts the offset of each operand at index 0
 */
export function walkOuterAxes(
  nest: LoopNest,
  innerAxes: number,
  starts: readonly number[],
  visit: (offsets: readonly number[], count: number) => void,
): void {
  const axes = Math.max(nest.shape.length - innerAxes, 0);
  const offsets = [...starts];
  const index = new Array<number>(axes).fill(0);
  let total = 1;
  for (let axis = 0; axis < axes; axis++) total *= nest.shape[axis]!;
  for (let count = 0; count < total; count++) {
    visit(offsets, count);
    for (let axis = axes - 1; axis >= 0; axis--) {
      const extent = nest.shape[axis]!;
      index[axis]! += 1;
      const wraps = index[axis] === extent;
      const steps = wraps ? 1 - extent : 1;
      for (let k = 0; k < offsets.length; k++) offsets[k]! += steps * nest.strides[k]![axis]!;
      if (!wraps) break;
      index[axis] = 0;
    }
  }
}
