/** The types of elements in ONNX: how their numbers are stored, and the type that holds their values here. */
import type { DataType } from '../../../kernels';
import { ofHalf } from '../weights';

/** A type of elements. */
export interface ElementType {
  readonly name: string;
  /** The bytes of a number. */
  readonly bytes: number;
  readonly dtype: DataType;
  /** The numbers of a buffer, little-endian. */
  readonly read: (buffer: ArrayBuffer) => ArrayLike<number> | BigInt64Array | BigUint64Array;
  /** The value of the number that a list holds, where that is its bits. */
  readonly ofBits?: (bits: number) => number;
  /** The range of an integer that is smaller than int32. */
  readonly range?: readonly [number, number];
}

const bits = new DataView(new ArrayBuffer(4));

/** The value of a bfloat16, which is the upper half of a float32. */
function ofBrainFloat(half: number): number {
  bits.setUint32(0, half << 16);
  return bits.getFloat32(0);
}

const row = (
  name: string,
  bytes: number,
  dtype: DataType,
  read: ElementType['read'],
  more: Pick<ElementType, 'ofBits' | 'range'> = {},
): ElementType => ({ name, bytes, dtype, read, ...more });

const halves = (buffer: ArrayBuffer): Uint16Array => new Uint16Array(buffer);

/** By their numbers in TensorProto.DataType. */
export const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [1, row('float', 4, 'float32', (buffer) => new Float32Array(buffer))],
  [2, row('uint8', 1, 'int32', (buffer) => new Uint8Array(buffer), { range: [0, 255] })],
  [3, row('int8', 1, 'int32', (buffer) => new Int8Array(buffer), { range: [-128, 127] })],
  [4, row('uint16', 2, 'int32', halves, { range: [0, 65535] })],
  [5, row('int16', 2, 'int32', (buffer) => new Int16Array(buffer), { range: [-32768, 32767] })],
  [6, row('int32', 4, 'int32', (buffer) => new Int32Array(buffer))],
  [7, row('int64', 8, 'int32', (buffer) => new BigInt64Array(buffer))],
  [9, row('bool', 1, 'bool', (buffer) => new Uint8Array(buffer))],
  [10, row('float16', 2, 'float32', halves, { ofBits: ofHalf })],
  [11, row('double', 8, 'float32', (buffer) => new Float64Array(buffer))],
  [12, row('uint32', 4, 'int32', (buffer) => new Uint32Array(buffer))],
  [13, row('uint64', 8, 'int32', (buffer) => new BigUint64Array(buffer))],
  [16, row('bfloat16', 2, 'float32', halves, { ofBits: ofBrainFloat })],
]);

/** The type that holds values of a type of ONNX. @throws for texts and others that are not supported */
export function dtypeOf(code: number): DataType {
  const type = elementTypes.get(code);
  if (type) return type.dtype;
  throw new Error(`the element type is ${code}; wanted ${wantedTypes()}`);
}

export function wantedTypes(): string {
  return [...elementTypes].map(([code, { name }]) => `${code} (${name})`).join(', ');
}
