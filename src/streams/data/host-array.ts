import type { DataType, TypedArray } from '../../tensor';

/**
 * Numbers in main memory with a shape. As data for {@link examples}, each index of the first axis is one example.
 *
 * @example
 * ```ts
 * import type { HostArray } from 'rxtensor';
 * const twoImages: HostArray = { values: new Uint8Array(2 * 28 * 28), shape: [2, 28, 28] };
 * console.log(twoImages.shape);
 * ```
 */
export interface HostArray {
  /** The elements in row-major order; their number is the product of the shape. */
  readonly values: TypedArray;
  /** The extents of the axes. */
  readonly shape: readonly number[];
}

/** The values of a tensor in main memory. */
export interface HostTensor extends HostArray {
  /** The tensor's data type: the values are a Float32Array for float32, an Int32Array for int32, a Uint8Array for bool. */
  readonly dtype: DataType;
}

/**
 * True for numbers with a shape in main memory (false for a tensor, whose values are on the backend).
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * console.log(dl.isHostArray({ values: new Float32Array(4), shape: [2, 2] })); // true
 * console.log(dl.isHostArray([1, 2])); // false
 * ```
 */
export function isHostArray(value: unknown): value is HostArray {
  if (typeof value !== 'object' || value === null) return false;
  const { values, shape } = value as Partial<HostArray>;
  return ArrayBuffer.isView(values) && Array.isArray(shape);
}
