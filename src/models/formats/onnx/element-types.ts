/** The types of elements in ONNX: how their numbers are stored, and the type that holds their values here. */
import type { DataType } from '../../../kernels';
import { ofHalfFloats } from '../../../tensor/half-floats';
import type { ArrayOf } from '../numbers-in';

/** A type of elements. */
export interface ElementType {
  readonly name: string;
  readonly dtype: DataType;
  /** The arrays in which its numbers are stored. */
  readonly array: ArrayOf<ArrayLike<number> | BigInt64Array | BigUint64Array>;
  /** The list of the message where its numbers are, unless that is `int32s`. */
  readonly list?: 'floats' | 'doubles' | 'int64s' | 'uint64s';
  /** The values of numbers that are bits. */
  readonly ofBits?: (bits: ArrayLike<number>) => Float32Array;
  /** The range of an integer that is smaller than int32. */
  readonly range?: readonly [number, number];
}

const float32 = 'float32';
const int32 = 'int32';

/** By their numbers in TensorProto.DataType. */
export const elementTypes: Readonly<Record<number, ElementType>> = {
  1: { name: 'float', dtype: float32, list: 'floats', array: Float32Array },
  2: { name: 'uint8', dtype: int32, range: [0, 255], array: Uint8Array },
  3: { name: 'int8', dtype: int32, range: [-128, 127], array: Int8Array },
  4: { name: 'uint16', dtype: int32, range: [0, 65535], array: Uint16Array },
  5: { name: 'int16', dtype: int32, range: [-32768, 32767], array: Int16Array },
  6: { name: 'int32', dtype: int32, array: Int32Array },
  7: { name: 'int64', dtype: int32, list: 'int64s', array: BigInt64Array },
  9: { name: 'bool', dtype: 'bool', array: Uint8Array },
  10: {
    name: 'float16',
    dtype: float32,
    array: Uint16Array,
    ofBits: (bits) => ofHalfFloats(bits, 'float16'),
  },
  11: { name: 'double', dtype: float32, list: 'doubles', array: Float64Array },
  12: { name: 'uint32', dtype: int32, list: 'uint64s', array: Uint32Array },
  13: { name: 'uint64', dtype: int32, list: 'uint64s', array: BigUint64Array },
  16: {
    name: 'bfloat16',
    dtype: float32,
    array: Uint16Array,
    ofBits: (bits) => ofHalfFloats(bits, 'bfloat16'),
  },
}; // prettier-ignore

/** @throws for texts and others that are not supported */
export function elementTypeOf(code: number): ElementType {
  if (Object.hasOwn(elementTypes, code)) return elementTypes[code]!;
  const wanted = Object.entries(elementTypes).map(([each, { name }]) => `${each} (${name})`);
  throw new Error(`the element type is ${code}; wanted ${wanted.join(', ')}`);
}
