/**
 * The element types of a tensor. Every element takes 32 bits on every backend, `bool` too (0 or 1), so that kernels
 * that only move data (transpose, pad, gather …) treat all types alike.
 */
export type DataType = 'float32' | 'int32' | 'bool';

/** The array type in which the values of each dtype are read. */
export interface DataTypeMap {
  /** Floating-point numbers of 32 bits. */
  float32: Float32Array;
  /** Integers from −2³¹ to 2³¹ − 1. */
  int32: Int32Array;
  /** 0 for false, 1 for true. */
  bool: Uint8Array;
}

/** The typed arrays in which values are read and written; see {@link DataTypeMap}. */
export type TypedArray = Float32Array | Int32Array | Uint8Array;

/** Bytes of one element in a backend's storage. */
export const BYTES_PER_ELEMENT = 4;

/** Copies `values` into the array type of `dtype`; see {@link DataTypeMap}. */
export function toTypedArray(values: ArrayLike<number>, dtype: DataType): TypedArray {
  switch (dtype) {
    case 'float32':
      return Float32Array.from(values);
    case 'int32':
      return Int32Array.from(values);
    case 'bool': {
      const bytes = new Uint8Array(values.length);
      for (let i = 0; i < bytes.length; i++) bytes[i] = values[i] ? 1 : 0;
      return bytes;
    }
  }
}
