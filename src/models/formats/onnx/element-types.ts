/** The types of elements in ONNX: how their numbers are stored, and the type that holds their values here. */
import type { DataType } from '../../../kernels';
import { ofHalf } from '../../../tensor/half-floats';

/** A type of elements. */
export interface ElementType {
  readonly name: string;
  /** The bytes of a number. */
  readonly bytes: number;
  readonly dtype: DataType;
  /** The numbers of a buffer, little-endian. */
  readonly read: (buffer: ArrayBuffer) => ArrayLike<number> | BigInt64Array | BigUint64Array;
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
  1: { name: 'float', bytes: 4, dtype: float32, list: 'floats', read: (buffer) => new Float32Array(buffer) },
  2: { name: 'uint8', bytes: 1, dtype: int32, range: [0, 255], read: (buffer) => new Uint8Array(buffer) },
  3: { name: 'int8', bytes: 1, dtype: int32, range: [-128, 127], read: (buffer) => new Int8Array(buffer) },
  4: { name: 'uint16', bytes: 2, dtype: int32, range: [0, 65535], read: (buffer) => new Uint16Array(buffer) },
  5: { name: 'int16', bytes: 2, dtype: int32, range: [-32768, 32767], read: (buffer) => new Int16Array(buffer) },
  6: { name: 'int32', bytes: 4, dtype: int32, read: (buffer) => new Int32Array(buffer) },
  7: { name: 'int64', bytes: 8, dtype: int32, list: 'int64s', read: (buffer) => new BigInt64Array(buffer) },
  9: { name: 'bool', bytes: 1, dtype: 'bool', read: (buffer) => new Uint8Array(buffer) },
  10: {
    name: 'float16',
    bytes: 2,
    dtype: float32,
    read: (buffer) => new Uint16Array(buffer),
    ofBits: (bits) => Float32Array.from(bits, ofHalf),
  },
  11: { name: 'double', bytes: 8, dtype: float32, list: 'doubles', read: (buffer) => new Float64Array(buffer) },
  12: { name: 'uint32', bytes: 4, dtype: int32, list: 'uint64s', read: (buffer) => new Uint32Array(buffer) },
  13: { name: 'uint64', bytes: 8, dtype: int32, list: 'uint64s', read: (buffer) => new BigUint64Array(buffer) },
  16: {
    name: 'bfloat16',
    bytes: 2,
    dtype: float32,
    read: (buffer) => new Uint16Array(buffer),
    // The upper half of a float32.
    ofBits: (bits) => new Float32Array(Uint32Array.from(bits, (half) => half << 16).buffer),
  },
}; // prettier-ignore

/** @throws for texts and others that are not supported */
export function elementTypeOf(code: number): ElementType {
  if (Object.hasOwn(elementTypes, code)) return elementTypes[code]!;
  const wanted = Object.entries(elementTypes).map(([each, { name }]) => `${each} (${name})`);
  throw new Error(`the element type is ${code}; wanted ${wanted.join(', ')}`);
}
