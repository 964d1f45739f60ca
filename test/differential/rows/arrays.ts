// Ops over arrays of rxtensor/ops: few have one in TensorFlow.js, the others are compared with their definitions.
import * as fc from 'fast-check';
import { at, build, type Reference } from '../../support/reference';
import { between, filledShapes, integers, ofShape, operands, shapes } from '../arbitraries';
import type { Argument, Operand } from '../operand';
import type { Rows } from '../row';

type Drawn = fc.Arbitrary<readonly Argument[]>;

const gradient = { none: 'TensorFlow.js has no such op: its spec takes differences' };
const small = between(-2, 2);
const floats = ({ shape, values }: Reference): readonly Operand[] => [{ dtype: 'float32', shape, values }];
const matrices = operands(shapes(2, 4), small);
const triangles: Drawn = fc.tuple(matrices, integers(-6, 6));

const triangle =
  (isKept: (right: number, diagonal: number) => boolean) =>
  (x: Operand, diagonal: number): readonly Operand[] =>
    floats(
      build(x.shape, (index) => {
        const [row, column] = index.slice(-2) as [number, number];
        return isKept(column - row, diagonal) ? at(x, index) : 0;
      }),
    );

const rolls: Drawn = operands(filledShapes(1, 4), small).chain((x) =>
  fc.tuple(fc.constant(x), integers(-9, 9), integers(-x.shape.length, x.shape.length - 1)),
);

/** Places in a shape, none twice, with a value for each. */
const sparse: Drawn = fc.tuple(integers(1, 5), integers(1, 5)).chain(([rows, columns]) =>
  fc.uniqueArray(integers(0, rows * columns - 1), { minLength: 1, maxLength: 6 }).chain((places) =>
    fc.tuple(
      fc.constant({
        dtype: 'int32' as const,
        shape: [places.length, 2],
        values: places.flatMap((place) => [Math.floor(place / columns), place % columns]),
      }),
      ofShape([places.length], small),
      fc.constant([rows, columns]),
      ofShape([], small),
    ),
  ),
);

const predictions: Drawn = fc
  .tuple(integers(1, 5), integers(1, 6))
  .chain(([rows, classes]) =>
    fc.tuple(
      ofShape([rows, classes], small),
      ofShape([rows], integers(-1, classes), 'int32'),
      integers(1, classes),
    ),
  );

const vectors: Drawn = filledShapes(0, 3).chain((batch) =>
  fc.tuple(ofShape([...batch, 3], small), ofShape([...batch, 3], small)),
);

/** By the first row (Laplace). */
function determinantOf(rows: readonly (readonly number[])[]): number {
  if (rows.length === 0) return 1;
  return rows[0]!.reduce((sum, value, j) => {
    const minor = rows.slice(1).map((row) => row.filter((_, column) => column !== j));
    return sum + (j % 2 === 0 ? 1 : -1) * value * determinantOf(minor);
  }, 0);
}

const squares: Drawn = fc
  .tuple(integers(0, 2), integers(0, 4))
  .chain(([count, n]) => fc.tuple(ofShape([count, n, n], small)));

export const arrayRows: Rows = {
  tril: { args: triangles, gradient, definition: triangle((right, diagonal) => right <= diagonal) },
  triu: { args: triangles, gradient, definition: triangle((right, diagonal) => right >= diagonal) },
  roll: {
    args: rolls,
    gradient,
    definition: (x: Operand, shift: number, axis: number) =>
      floats(
        build(x.shape, (index) => {
          const along = axis < 0 ? axis + index.length : axis;
          const extent = x.shape[along]!;
          const from = (((index[along]! - shift) % extent) + extent) % extent;
          return at(
            x,
            index.map((place, other) => (other === along ? from : place)),
          );
        }),
      ),
  },
  kron: {
    args: fc.tuple(operands(filledShapes(2, 2), small), operands(filledShapes(2, 2), small)),
    gradient,
    definition: (a: Operand, b: Operand) =>
      floats(
        build(
          a.shape.map((extent, axis) => extent * b.shape[axis]!),
          (index) => {
            const outer = index.map((i, axis) => Math.floor(i / b.shape[axis]!));
            const inner = index.map((i, axis) => i % b.shape[axis]!);
            return at(a, outer) * at(b, inner);
          },
        ),
      ),
  },
  cross: {
    args: vectors,
    gradient,
    definition: (a: Operand, b: Operand) =>
      floats(
        build(a.shape, (index) => {
          const of = (x: Operand, step: number): number =>
            at(x, [...index.slice(0, -1), (index.at(-1) + step) % 3]);
          return of(a, 1) * of(b, 2) - of(a, 2) * of(b, 1);
        }),
      ),
  },
  quantile: {
    args: fc.tuple(operands(filledShapes(1, 3), small), between(0, 1)),
    gradient,
    definition: (x: Operand, q: number) => {
      const sorted = [...x.values].sort((a, b) => a - b);
      const index = q * (sorted.length - 1);
      const lower = sorted[Math.floor(index)]!;
      const upper = sorted[Math.ceil(index)]!;
      return floats({ shape: [], values: [lower + (upper - lower) * (index % 1)] });
    },
  },
  unravelIndex: {
    args: filledShapes(1, 4).chain((shape) =>
      fc.tuple(ofShape([4], integers(0, shape.reduce((a, b) => a * b) - 1), 'int32'), fc.constant(shape)),
    ),
    gradient: { none: 'int32' },
    definition: (indices: Operand, shape: readonly number[]) =>
      shape.map((extent, axis) => {
        const stride = shape.slice(axis + 1).reduce((a, b) => a * b, 1);
        const values = indices.values.map((place) => Math.floor(place / stride) % extent);
        return { dtype: 'int32', shape: indices.shape, values };
      }),
  },
  sparseToDense: { args: sparse, gradient },
  inTopK: {
    args: predictions,
    gradient: { none: 'bool' },
    definition: (found: Operand, targets: Operand, k: number) => {
      const count = found.shape[1]!;
      const values = targets.values.map((target, row) => {
        const all = found.values.slice(row * count, (row + 1) * count);
        return Number(all.filter((value) => value > all[target]!).length < k && target in all);
      });
      return [{ dtype: 'bool', shape: targets.shape, values }];
    },
  },
  determinant: {
    args: squares,
    gradient,
    definition: (x: Operand) => {
      const [count, n] = x.shape as [number, number, number];
      const rows = (matrix: number): number[][] =>
        Array.from({ length: n }, (_, row) =>
          x.values.slice((matrix * n + row) * n, (matrix * n + row + 1) * n),
        );
      const values = Array.from({ length: count }, (_, i) => determinantOf(rows(i)));
      return floats({ shape: [count], values });
    },
  },
};
