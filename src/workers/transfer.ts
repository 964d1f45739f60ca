/**
 * Packs values for the way between page and worker, and unpacks them. Each tensor is read once and its numbers are transferred. Arrays are
 * copied and the copies are transferred, so that the sender keeps its arrays.
 */
import { isPlainObject, isTensor, mapMatching } from '../tensor/container';
import { numberTypesOf, withNumberTypes, type NumberTypes } from '../tensor/number-types';
import { isTaped } from '../tensor/tape';
import type { Tensor } from '../tensor/tensor';
import { makeTensor } from '../tensor/tensor-like';
import type { DataType, TypedArray } from '../tensor';
import type { HostTensor } from '../streams/data/host-array';
import { pathOf } from './cloneable';

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
function compact(view: TypedArray): TypedArray {
  // The method of Uint8Array is used because the slice() of Node's Buffer does not copy.
  return Uint8Array.prototype.slice.call(view);
}

/** True for typed arrays, which are copied. Arrays in shared memory are not copied: they stay shared. */
function isArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && value.buffer instanceof ArrayBuffer;
}

function isLeaf(value: object): value is Tensor | TypedArray {
  return isTensor(value) || isArray(value);
}

/**
 * Reads the tensors in a value and copies its arrays. When the function returns, all reads have started and all copies are made, so the
 * tensors may be freed.
 *
 * @param sender the operator that sends, for messages
 * @throws when a tensor was disposed, and when a tensor is on the tape, since gradients do not cross
 */
export function pack(sender: string, value: unknown): Promise<Parcel> {
  const tensors: { values: TypedArray; shape: readonly number[]; dtype: DataType }[] = [];
  const transfer: ArrayBuffer[] = [];
  const reads: Promise<unknown>[] = [];
  const give = (values: TypedArray): TypedArray => {
    transfer.push(values.buffer as ArrayBuffer);
    return values;
  };
  const packed = mapMatching(value, isLeaf, (leaf) => {
    if (!isTensor(leaf)) return give(compact(leaf));
    assertCanCross(sender, leaf, value);
    const { shape, dtype } = leaf;
    const host = { values: new Float32Array() as TypedArray, shape: [...shape], dtype };
    tensors.push(host);
    reads.push(leaf.data().then((values) => (host.values = give(values))));
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

function assertCanCross(sender: string, tensor: Tensor, container: unknown): void {
  tensor.assertUsable(sender, pathOf(container, tensor));
  if (!isTaped(tensor)) return;
  throw new Error(
    `${sender}: '${pathOf(container, tensor)}' is a tensor of shape [${tensor.shape.join(',')}] that was computed from trainable variables; ` +
      'gradients do not cross between page and worker. Compute the loss and take the step on one side, or use predict(model) instead of ' +
      'mapTensor(model), which tapes nothing',
  );
}

/** Restores the value, and makes tensors from its host tensors. The innermost scope owns these tensors. */
export function unpack(receiver: string, { value, tensors, numberTypes = [] }: Packed): unknown {
  for (const [object, types] of numberTypes) withNumberTypes(object, types);
  const sent = new Set<object>(tensors);
  return mapMatching(
    value,
    (each): each is HostTensor => sent.has(each),
    ({ values, shape, dtype }) => makeTensor(receiver, values, shape, dtype),
  );
}
