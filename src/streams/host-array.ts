/**
 * Values in main memory with a shape: what files hold and cameras give before they are tensors. Row i of a host array is its
 * slice along the first axis, without copying.
 */
export interface HostArray {
  readonly values: Float32Array | Int32Array | Uint8Array;
  readonly shape: readonly number[];
}

/** True for `{values: typed array, shape: number[]}`. */
export function isHostArray(value: unknown): value is HostArray {
  return (
    typeof value === 'object' &&
    value !== null &&
    'values' in value &&
    'shape' in value &&
    ArrayBuffer.isView(value.values) &&
    Array.isArray(value.shape)
  );
}
