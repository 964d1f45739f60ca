/** The data type of a tensor that is made of a typed array. */
import type { DataType } from '../../tensor';

/** By the class name of the array. Int32 and float32 represent these elements exactly; float64 is rounded, as plain numbers are. */
const elementTypes: ReadonlyMap<string, DataType> = new Map([
  ['Float32Array', 'float32'],
  ['Float64Array', 'float32'],
  ['Int32Array', 'int32'],
  ['Int16Array', 'int32'],
  ['Int8Array', 'int32'],
  ['Uint16Array', 'int32'],
  ['Uint8Array', 'int32'],
  ['Uint8ClampedArray', 'int32'],
]);

/** The data type for a typed array's elements (float64 is rounded to float32); null for other types, as Uint32Array or BigInt64Array. */
export function elementTypeOf(values: ArrayBufferView): DataType | null {
  // The tag is the class name, also for Node's Buffer and for arrays of another realm.
  return elementTypes.get((values as Partial<Uint8Array>)[Symbol.toStringTag] ?? '') ?? null;
}
