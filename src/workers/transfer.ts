/**
 * Packs values for the way between page and worker, and unpacks them. Each tensor is read once and its numbers are transferred. Arrays are
 * copied and the copies are transferred, so that the sender keeps its arrays.
 */
import { numberTypesOf, withNumberTypes, type NumberTypes } from '../tensor/number-types';
import { isPlainObject, mapMatching } from '../tensor/structure';
import type { DataType, TypedArray } from '../tensor';
import type { HostTensor } from '../streams/data/host-array';
import { pathOf } from './cloneable';
import type { Side } from './side';

/**
 * A value in the form that is posted. A structured clone keeps object identity within one message, so the receiver finds the host tensors in
 * the value by identity, without a marker.
 */
export interface Packed {
  /** The value, with each tensor replaced by a host tensor. */
  readonly value: unknown;
  /** All host tensors in the value. */
  readonly tensors: readonly HostTensor[];
  /** The data types of numbers in the value's objects and arrays; left out when no object or array has such types. */
  readonly numberTypes?: readonly (readonly [object, ReadonlyMap<string, DataType>])[];
}

/** A value that is ready to be posted, with the buffers to transfer. */
export interface Parcel {
  readonly packed: Packed;
  readonly transfer: ArrayBuffer[];
}

/** Copies an array into its own buffer. Cloning a view, such as one row of a data set, would clone the buffer of the whole set. */
export function compact(view: TypedArray): TypedArray {
  // The method of Uint8Array is used because the slice() of Node's Buffer does not copy.
  return Uint8Array.prototype.slice.call(view);
}

/** True for typed arrays, which are copied. Arrays in shared memory are not copied: they stay shared. */
function isArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && value.buffer instanceof ArrayBuffer;
}

/**
 * Reads the tensors in a value and copies its arrays. When the function returns, all reads have started and all copies are made, so the
 * tensors may be freed.
 *
 * @param sender the operator that sends, for messages
 * @throws when a tensor cannot cross
 */
export function pack<T extends Omit<HostTensor, 'values'>>(
  sender: string,
  side: Side<T>,
  value: unknown,
): Promise<Parcel> {
  const tensors: { values: TypedArray; shape: readonly number[]; dtype: DataType }[] = [];
  const transfer: ArrayBuffer[] = [];
  const reads: Promise<unknown>[] = [];
  const give = (values: TypedArray): TypedArray => {
    transfer.push(values.buffer as ArrayBuffer);
    return values;
  };
  const isLeaf = (leaf: object): leaf is T | TypedArray => side.isTensor(leaf) || isArray(leaf);
  const packed = mapMatching(value, isLeaf, (leaf) => {
    if (!side.isTensor(leaf)) return give(compact(leaf));
    side.assertCanCross(sender, pathOf(side, value, leaf), leaf);
    const { shape, dtype } = leaf;
    const host = { values: new Float32Array() as TypedArray, shape: [...shape], dtype };
    tensors.push(host);
    reads.push(side.read(leaf).then((values) => (host.values = give(values))));
    return host;
  });
  const numberTypes = typedObjectsIn(packed);
  return Promise.all(reads).then(() => ({
    packed: { value: packed, tensors, ...(numberTypes.length > 0 ? { numberTypes } : {}) },
    transfer,
  }));
}

function typedObjectsIn(
  value: unknown,
  found: [object, NumberTypes][] = [],
  seen = new Set<unknown>(),
): [object, NumberTypes][] {
  if (typeof value !== 'object' || value === null || seen.has(value)) return found;
  if (!isPlainObject(value) && !Array.isArray(value)) return found;
  seen.add(value);
  const types = numberTypesOf(value);
  if (types) found.push([value, types]);
  for (const each of Object.values(value)) typedObjectsIn(each, found, seen);
  return found;
}

/** Restores the value, with what the side makes of its host tensors. */
export function unpack(
  receiver: string,
  side: Pick<Side, 'make'>,
  { value, tensors, numberTypes = [] }: Packed,
): unknown {
  for (const [object, types] of numberTypes) withNumberTypes(object, types);
  const sent = new Set<object>(tensors);
  return mapMatching(
    value,
    (each): each is HostTensor => sent.has(each),
    (tensor) => side.make(receiver, tensor),
  );
}
