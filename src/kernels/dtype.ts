/**
 * The element types of a tensor. Every element takes one 32-bit lane on every backend, `bool` too (0 or 1), so
 * that kernels which only move data (transpose, pad, gather …) need no knowledge of the type.
 */
export type DataType = 'float32' | 'int32' | 'bool';

/** What a tensor's values are when they are read: `bool` comes back as bytes, 0 or 1. */
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

/** Bytes that one element takes while it is stored. */
export const BYTES_PER_ELEMENT = 4;

/** A copy of `values` (one 32-bit lane an element) in the array type that belongs to `dtype`. */
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
