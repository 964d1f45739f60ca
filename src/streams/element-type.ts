/** What the elements of typed arrays become in a tensor. */
import type { DataType } from '../tensor';

/** By the name of the array's class: what int32 and float32 take without a change, and float64, which is rounded as numbers are. */
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

/** The data type of an array's elements; null where no data type has all of them, as for a Uint32Array or a BigInt64Array. */
export function elementTypeOf(values: ArrayBufferView): DataType | null {
  // The tag is that of the class, also for Node's Buffer, and for an array of another realm.
  return elementTypes.get((values as Partial<Uint8Array>)[Symbol.toStringTag] ?? '') ?? null;
}
