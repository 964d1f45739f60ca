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
  readonly values: Float32Array | Int32Array | Uint8Array;
  /** The extents of its axes, the first being the rows. */
  readonly shape: readonly number[];
}

/** Whether a value is numbers with a shape (and not, say, a tensor, whose values are elsewhere). */
export function isHostArray(value: unknown): value is HostArray {
  if (typeof value !== 'object' || value === null) return false;
  const { values, shape } = value as Partial<HostArray>;
  return ArrayBuffer.isView(values) && Array.isArray(shape);
}
