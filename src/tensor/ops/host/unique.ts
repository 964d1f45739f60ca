import { takingNull } from '../../op';
import { sizeOf, type DataType, type TypedArray } from '../../../kernels';
import { normalizeAxis } from '../../shape';
import type { Tensor, Tensor1D } from '../../tensor';
import { asRank, asTensor, type TensorInput } from '../../tensor-like';
import { hostOp, type HostArray } from './host-op';

/** An empty array for values of a dtype. */
function arrayOf(dtype: DataType, size: number): TypedArray {
  if (dtype === 'float32') return new Float32Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/** A key for the values at some places. Equal values have equal keys; −0 counts as 0, and NaN as equal to NaN. */
function keyOf(values: TypedArray, places: readonly number[]): string | number {
  if (places.length === 1) return values[places[0]!]! + 0;
  return places.map((place) => values[place]! + 0).join();
}

function uniqueAlong(axis: number, { values, shape, dtype }: HostArray): readonly HostArray[] {
  const extent = shape[axis]!;
  const outer = sizeOf(shape.slice(0, axis));
  const inner = sizeOf(shape.slice(axis + 1));
  const placesOf = (index: number): number[] =>
    Array.from(
      { length: outer * inner },
      (_, i) => (Math.floor(i / inner) * extent + index) * inner + (i % inner),
    );
  const numbers = new Map<string | number, number>();
  const first: number[] = [];
  const indices = new Int32Array(extent);
  for (let index = 0; index < extent; index++) {
    const key = keyOf(values, placesOf(index));
    let number = numbers.get(key);
    if (number === undefined) {
      numbers.set(key, (number = first.length));
      first.push(index);
    }
    indices[index] = number;
  }
  const result = arrayOf(dtype, outer * inner * first.length);
  first.forEach((index, number) => {
    placesOf(index).forEach((place, i) => {
      result[(Math.floor(i / inner) * first.length + number) * inner + (i % inner)] = values[place]!;
    });
  });
  const distinct = [...shape.slice(0, axis), first.length, ...shape.slice(axis + 1)];
  return [
    { values: result, shape: distinct, dtype },
    { values: indices, shape: [extent], dtype: 'int32' },
  ];
}

const uniqueOp = hostOp('unique', (name, x: TensorInput, axis: number) => {
  const value = asTensor(name, 'x', x);
  const along = normalizeAxis(name, axis, value.rank);
  return { inputs: [value], compute: (read: HostArray) => uniqueAlong(along, read) };
});

/**
 * Finds the distinct slices of x along an axis. A host op: it reads x from the device, and blocks until it is there.
 *
 * @param axis 0 by default; negative counts from the end
 * @returns `values`: the distinct slices, in the order of their first occurrence; `indices`: for each slice of x, its index in `values`, as
 *   an int32 vector
 * @throws when there is no such axis
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { values, indices } = dl.unique([1, 1, 2, 4, 2]);
 * values.print(); // 1, 2, 4
 * indices.print(); // 0, 0, 1, 2, 1
 * ```
 */
export const unique = takingNull(function unique<T extends Tensor>(
  x: T | TensorInput,
  axis = 0,
): { values: T; indices: Tensor1D } {
  const [values, indices] = uniqueOp.now(x, axis);
  return { values: values as T, indices: indices as Tensor1D };
});

const difference = hostOp('setdiff1dAsync', (name, x: TensorInput, y: TensorInput) => {
  const all = asRank(name, 'x', x, 1);
  const taken = asRank(name, 'y', y, 1);
  if (all.dtype !== taken.dtype) {
    throw new Error(
      `${name}: arguments 'x' and 'y' are ${all.dtype} and ${taken.dtype}; wanted the same dtype`,
    );
  }
  return {
    inputs: [all, taken],
    compute: (from: HostArray, without: HostArray) => {
      const excluded = new Set(without.values);
      const indices = Int32Array.from([...from.values.keys()].filter((i) => !excluded.has(from.values[i]!)));
      const values = arrayOf(from.dtype, indices.length);
      indices.forEach((index, i) => (values[i] = from.values[index]!));
      return [
        { values, shape: [indices.length], dtype: from.dtype },
        { values: indices, shape: [indices.length], dtype: 'int32' },
      ];
    },
  };
});

/**
 * Finds the elements of x that are not in y. A host op: it reads both from the device, without blocking.
 *
 * @returns the elements, in x's order, and their indices in x as int32
 * @throws (rejects the promise) unless both have rank 1 and one dtype
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const [values, indices] = await dl.setdiff1dAsync([1, 2, 3, 4], [2, 4]);
 * values.print(); // 1, 3
 * indices.print(); // 0, 2
 * ```
 */
export async function setdiff1dAsync(x: TensorInput, y: TensorInput): Promise<[Tensor1D, Tensor1D]> {
  return (await difference.later(x, y)) as [Tensor1D, Tensor1D];
}
