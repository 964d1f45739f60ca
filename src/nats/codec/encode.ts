/** Values to bytes. */
import type { Tensor } from '../../tensor';
import { described } from '../../tensor/argument';
import { isPlainObject, isTensor } from '../../tensor/container';
import { toHalfFloats } from '../../tensor/half-floats';
import { numberTypesOf } from '../../tensor/number-types';
import { setOwn } from '../../tensor/own-property';
import { isTaped } from '../../tensor/tape';
import { seal } from '../../streams/checkpoints/sealed';
import type { HostTensor } from '../../streams/data/host-array';
import type { Decoded } from './decode';
import {
  arrayClasses,
  classOf,
  format,
  isFloat,
  MARK,
  MOST_LEVELS,
  step,
  type AnyArray,
  type Header,
  type Part,
  type Precision,
} from './format';
import { tooManyParts } from './proportion';

const special = (...words: readonly unknown[]): object => ({ [MARK]: words });

/**
 * Encodes a value: tensors, numbers, texts, booleans, null, undefined and typed arrays, in arrays and plain objects. When the function returns,
 * all tensors have been read and all arrays copied, so that they may be freed or changed; the promise is of the bytes.
 *
 * @param sender the operator that sends, for messages
 * @throws (at once) for a value of another kind, a tensor that was disposed or is on the tape, and a value that contains itself
 */
export function encodeEmission(
  sender: string,
  value: unknown,
  precision: Precision = 'float32',
): Promise<Uint8Array<ArrayBuffer>> {
  const numbers: Promise<AnyArray>[] = [];
  const header = headerOf(sender, value, precision, (leaf) =>
    numbers.push(isTensor(leaf) ? leaf.data() : Promise.resolve(copyOf(leaf))),
  );
  return Promise.all(numbers).then((read) => sealed(header, read));
}

/** {@link encodeEmission} for a value without tensors, at once. */
export function encodeValue(
  sender: string,
  value: unknown,
  precision: Precision = 'float32',
): Uint8Array<ArrayBuffer> {
  const numbers: AnyArray[] = [];
  const header = headerOf(sender, value, precision, (leaf, path) => {
    if (isTensor(leaf))
      throw new Error(
        `${sender}: '${path}' is a tensor; wanted values without tensors, which are read later`,
      );
    numbers.push(leaf);
  });
  return sealed(header, numbers);
}

/** {@link encodeEmission} for a value whose tensors are in main memory, at once. */
export function encodeDecoded(
  sender: string,
  { value, tensors }: Decoded,
  precision: Precision = 'float32',
): Uint8Array<ArrayBuffer> {
  const numbers: AnyArray[] = [];
  const header = headerOf(
    sender,
    value,
    precision,
    (leaf) => numbers.push(isTensor(leaf) ? leaf.dataSync() : leaf),
    new Set(tensors),
  );
  return sealed(header, numbers);
}

function sealed(header: Header, numbers: readonly AnyArray[]): Uint8Array<ArrayBuffer> {
  const parts = numbers.map((each, i) => {
    const { precision } = header.parts[i]!;
    return precision === 'float32' ? each : toHalfFloats(each as Float32Array, precision);
  });
  const bytes = seal(format, header, parts);
  const fault = tooManyParts(parts.length, bytes.length);
  if (fault !== null) throw new Error(`${format.name}: ${fault}`);
  return bytes;
}

function copyOf(array: AnyArray): AnyArray {
  const bytes = Uint8Array.prototype.slice.call(
    new Uint8Array(array.buffer, array.byteOffset, array.byteLength),
  );
  return new arrayClasses[classOf(array)!]!(bytes.buffer);
}

/** Makes the header, and calls `visit` once for each tensor and array, in the order of its parts. */
function headerOf(
  sender: string,
  value: unknown,
  precision: Precision,
  visit: (leaf: Tensor | AnyArray, path: string) => void,
  hosts: ReadonlySet<object> = new Set(),
): Header {
  const parts: Part[] = [];
  const known = new Map<object, number>();
  const leaf = (each: Tensor | AnyArray, type: string, shape: readonly number[], path: string): object => {
    let index = known.get(each);
    if (index === undefined) {
      index = parts.push({ type, shape: [...shape], precision: isFloat(type) ? precision : 'float32' }) - 1;
      known.set(each, index);
      visit(each, path);
    }
    return special('value', index);
  };
  const node = (each: unknown, path: string, levels: number): unknown => {
    if (each === null || typeof each === 'string' || typeof each === 'boolean') return each;
    if (typeof each === 'number')
      return Number.isFinite(each) && !Object.is(each, -0) ? each : special('number', textOf(each));
    if (each === undefined) return special('undefined');
    if (levels === 0)
      throw new Error(
        `${sender}: '${path}' lies ${MOST_LEVELS} levels deep, or contains itself; wanted a value of fewer`,
      );
    if (hosts.has(each)) return hostNode(each as HostTensor, path);
    if (isTensor(each)) {
      assertCanLeave(sender, each, path);
      return leaf(each, each.dtype, each.shape, path);
    }
    const array = classOf(each);
    if (array !== null) return leaf(each as AnyArray, array, [(each as AnyArray).length], path);
    if (Array.isArray(each)) return Array.from(each, (item, i) => node(item, step(path, i), levels - 1));
    if (isPlainObject(each)) return objectNode(each, path, levels);
    throw new Error(
      `${sender}: '${path}' is ${described(each)}; wanted tensors, numbers, texts, booleans, null, undefined and typed arrays, in arrays and plain objects`,
    );
  };
  const hostNode = ({ values, dtype, shape }: HostTensor, path: string): object =>
    leaf(values as AnyArray, dtype, shape, path);
  const objectNode = (each: Record<string, unknown>, path: string, levels: number): unknown => {
    const made: Record<string, unknown> = {};
    for (const key of Object.keys(each))
      setOwn(made, key.startsWith(MARK) ? MARK + key : key, node(each[key], step(path, key), levels - 1));
    const noted = numberTypesOf(each);
    return noted ? special('typed', Object.fromEntries(noted), made) : made;
  };
  return { value: node(value, 'value', MOST_LEVELS), parts };
}

const textOf = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

function assertCanLeave(sender: string, tensor: Tensor, path: string): void {
  tensor.assertUsable(sender, path);
  if (!isTaped(tensor)) return;
  throw new Error(
    `${sender}: '${path}' is a tensor of shape [${tensor.shape.join(',')}] that was computed from trainable variables; gradients do not ` +
      'leave the process. Use predict(model) instead of mapTensor(model), which tapes nothing',
  );
}
