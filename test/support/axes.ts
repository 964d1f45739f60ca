/** What the specs of reductions share: axes of every kind, and a reduction by its definition. */
import { at, build, type Reference } from './reference';

/** One number from those that are reduced to it. */
export type Fold = (values: readonly number[]) => number;

/** f of all elements that fall on one index of the result. */
export function reduced(x: Reference, axes: readonly number[], keepDims: boolean, f: Fold): Reference {
  const kept = x.shape.map((extent, axis) => (axes.includes(axis) ? 1 : extent));
  const inner = x.shape.map((extent, axis) => (axes.includes(axis) ? extent : 1));
  const cell = build(kept, (index) => {
    const values: number[] = [];
    build(inner, (offset) =>
      values.push(
        at(
          x,
          index.map((each, axis) => each + offset[axis]!),
        ),
      ),
    );
    return f(values);
  });
  return keepDims ? cell : { shape: x.shape.filter((_, axis) => !axes.includes(axis)), values: cell.values };
}

/** Shapes, and axes to reduce them over. */
export const cases: [number[], number | number[] | null | undefined][] = [
  [[], undefined],
  [[1], 0],
  [[7], undefined],
  [[7], -1],
  [[3, 4], null],
  [[3, 4], 0],
  [[3, 4], 1],
  [[3, 4], []],
  [
    [2, 3, 4],
    [0, 1],
  ],
  [
    [2, 3, 4],
    [0, -1],
  ],
  [[2, 3, 4], 1],
  [
    [2, 3, 2, 3],
    [1, 2],
  ],
  [
    [2, 3, 2, 3],
    [-1, 0],
  ],
  [
    [2, 1, 3, 1, 2],
    [1, 4],
  ],
  [
    [2, 2, 1, 2, 1, 3],
    [1, 3, 5],
  ],
  [[2, 2, 1, 2, 1, 3], undefined],
  [[5, 130], 1],
  [[130, 5], 0],
];

/** The axes meant, counted from the front. */
export const axesOf = (rank: number, axis: number | number[] | null | undefined): number[] =>
  axis === undefined || axis === null
    ? Array.from({ length: rank }, (_, i) => i)
    : [axis].flat().map((each) => (each < 0 ? each + rank : each));
