/** For specs of reductions: axes of every kind, and a reduction by its definition. */
import { at, build, type Reference } from './reference';

/** Reduces numbers to one. */
export type Fold = (values: readonly number[]) => number;

/** Reduces a reference: each element of the result is f of the elements reduced to it. */
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

/** Shapes with axes to reduce. */
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

/** The axes that an argument `axis` means, in [0, rank). */
export const axesOf = (rank: number, axis: number | number[] | null | undefined): number[] =>
  axis === undefined || axis === null
    ? Array.from({ length: rank }, (_, i) => i)
    : [axis].flat().map((each) => (each < 0 ? each + rank : each));
