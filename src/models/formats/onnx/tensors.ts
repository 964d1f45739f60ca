/** The values of tensors in an ONNX file: in one of several lists, as raw bytes, or in another file. */
import { sizeOf, type TypedArray } from '../../../kernels';
import { described, shortened } from '../../../tensor/argument';
import type { Constant } from '../../graph/graph';
import { LONGEST_PATH } from '../../model-files';
import { numbersIn } from '../numbers-in';
import { elementTypeOf, type ElementType } from './element-types';
import type { TensorProto } from './model-proto';

/** int64 is kept in int32. Greater values only stand for "to the end". */
const clamped = (value: number): number => Math.min(Math.max(value, -(2 ** 31)), 2 ** 31 - 1);

function typed({ dtype, ofBits }: ElementType, numbers: ArrayLike<number>): TypedArray {
  if (dtype === 'bool') return Uint8Array.from(numbers, (value) => Number(value !== 0));
  if (dtype === 'int32') return numbers instanceof Int32Array ? numbers : Int32Array.from(numbers, clamped);
  if (ofBits) return ofBits(numbers);
  return numbers instanceof Float32Array ? numbers : Float32Array.from(numbers);
}

function fromBytes(type: ElementType, bytes: Uint8Array): TypedArray {
  const numbers = numbersIn(type.array, bytes);
  return numbers instanceof BigInt64Array || numbers instanceof BigUint64Array
    ? Int32Array.from(numbers as ArrayLike<bigint> & Iterable<bigint>, (value) => clamped(Number(value)))
    : typed(type, numbers);
}

/** Runs something whose errors do not say where they are. */
export function within<T>(where: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw new Error(`${where}: ${(cause as Error).message}`, { cause });
  }
}

/** A whole number in a text. */
function wholeNumber(text: string | undefined, otherwise: number): number {
  return text === undefined ? otherwise : /^\d+$/.test(text) ? Number(text) : NaN;
}

/** The part of another file where a tensor's values are. @throws when it does not lie within */
function externalBytes(
  { external }: TensorProto,
  files: ReadonlyMap<string, Uint8Array>,
  of: string,
): Uint8Array {
  const location = external.get('location') ?? '';
  const bytes = files.get(location)!;
  const from = wholeNumber(external.get('offset'), 0);
  const length = wholeNumber(external.get('length'), bytes.length - from);
  if (from + length <= bytes.length) return bytes.subarray(from, from + length);
  throw new Error(
    `${of} has ${described(external.get('length') ?? 'all')} bytes from ${described(external.get('offset') ?? '0')} of '${shortened(location)}'; wanted a part of its ${bytes.length} bytes`,
  );
}

/** The path of the file that holds a tensor's values; null if this one does. @throws unless it lies beside or below */
export function locationOf({ isExternal, external, name }: TensorProto, where: string): string | null {
  if (!isExternal) return null;
  const location = external.get('location');
  const isInside =
    location !== undefined &&
    location !== '' &&
    location.length <= LONGEST_PATH &&
    !/^[/\\]|^[a-z][a-z0-9+.-]*:|\\|(^|\/)\.\.(\/|$)/i.test(location);
  if (isInside) return location;
  throw new Error(
    `${where}: the tensor '${shortened(name)}' is in the file ${described(location)}; wanted a path below the model, of at most ${LONGEST_PATH} characters`,
  );
}

/**
 * @param files the other files, by their paths
 * @throws when the values do not fit the shape; nothing is allocated before
 */
export function constantOf(
  tensor: TensorProto,
  files: ReadonlyMap<string, Uint8Array>,
  where: string,
): Constant {
  const of = `${where}: the tensor '${shortened(tensor.name)}'`;
  const type = within(of, () => elementTypeOf(tensor.dataType));
  const shape = tensor.dims;
  if (!shape.every((extent) => Number.isSafeInteger(extent) && extent >= 0))
    throw new Error(`${of} has the shape ${described(shape)}; wanted whole numbers from 0`);
  const count = sizeOf(shape);
  const bytes = tensor.isExternal ? externalBytes(tensor, files, of) : tensor.raw;
  const numbers = bytes ? null : tensor[type.list ?? 'int32s'];
  const found = bytes ? bytes.length / type.array.BYTES_PER_ELEMENT : numbers!.length;
  if (found !== count)
    throw new Error(
      `${of} has ${found} numbers; wanted ${count} for ${type.name} [${shortened(shape.join())}]`,
    );
  return {
    shape,
    dtype: type.dtype,
    get values() {
      return bytes ? fromBytes(type, bytes) : typed(type, numbers!);
    },
  };
}
