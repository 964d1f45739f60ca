import type { DataType, TypedArray } from '../tensor';

/**
 * Numbers in main memory that have a shape: data that examples are drawn from, a row along the first axis each.
 *
 * @example
 * ```ts
 * import type { HostArray } from 'rxtensor';
 * const twoImages: HostArray = { values: new Uint8Array(2 * 28 * 28), shape: [2, 28, 28] };
 * ```
 */
export interface HostArray {
  /** In row-major order: the product of the shape is their number. */
  readonly values: TypedArray;
  /** The extents of its axes, the first being the rows. */
  readonly shape: readonly number[];
}

/** A host array with the data type of a tensor: a tensor as numbers. */
export interface HostTensor extends HostArray {
  /** What the tensor's elements are: float32 in a Float32Array, int32 in an Int32Array, bool in a Uint8Array. */
  readonly dtype: DataType;
}

/** Whether a value is numbers with a shape (and not, say, a tensor, whose values are elsewhere). */
export function isHostArray(value: unknown): value is HostArray {
  if (typeof value !== 'object' || value === null) return false;
  const { values, shape } = value as Partial<HostArray>;
  return ArrayBuffer.isView(values) && Array.isArray(shape);
}
