/** Values on their way between page and worker: tensors are read once and their values transferred; arrays are copied, so that the sender keeps them. */
import { isPlainObject, isTensor, mapMatching } from '../../tensor/container';
import { numberTypesOf, withNumberTypes, type NumberTypes } from '../../tensor/number-types';
import { isTaped } from '../../tensor/tape';
import type { Tensor } from '../../tensor/tensor';
import { makeTensor } from '../../tensor/tensor-like';
import type { DataType, TypedArray } from '../../tensor';
import type { HostTensor } from '../data/host-array';
import { pathOf } from './cloneable';

/** A value as it is posted. A structured clone keeps identities within one message: a tensor needs no mark in the value. */
export interface Packed {
  /** The value, with a host tensor where each tensor was. */
  readonly value: unknown;
  /** The host tensors in the value. */
  readonly tensors: readonly HostTensor[];
  /** The data types of numbers in the objects of the value; left out when all are float32. */
  readonly numberTypes?: readonly (readonly [object, ReadonlyMap<string, DataType>])[];
}

/** A value that is ready to be posted, with the buffers to transfer. */
export interface Parcel {
  readonly packed: Packed;
  readonly transfer: ArrayBuffer[];
}

/** A copy with a buffer of its own: cloning a row of a large data set would clone the whole set. */
function compact(view: TypedArray): TypedArray {
  // Node's Buffer has a slice() that copies nothing.
  return Uint8Array.prototype.slice.call(view);
}

/** True for arrays that are copied; shared memory stays shared. */
function isArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView) && value.buffer instanceof ArrayBuffer;
}

function isLeaf(value: object): value is Tensor | TypedArray {
  return isTensor(value) || isArray(value);
}

/**
 * Reads the tensors in a value and copies its arrays. All reads are issued and all copies made before it returns: the tensors may be freed then.
 *
 * @param sender the operator, for messages
 * @throws for a tensor that was disposed, and for one on the tape: gradients do not cross
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

/** Makes the value again, as it was sent. The innermost scope owns its tensors. */
export function unpack(receiver: string, { value, tensors, numberTypes = [] }: Packed): unknown {
  for (const [object, types] of numberTypes) withNumberTypes(object, types);
  const sent = new Set<object>(tensors);
  return mapMatching(
    value,
    (each): each is HostTensor => sent.has(each),
    ({ values, shape, dtype }) => makeTensor(receiver, values, shape, dtype),
  );
}
