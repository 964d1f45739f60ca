/**
 * The format safetensors (https://github.com/huggingface/safetensors): eight bytes with the length of a header, the header in JSON, which says
 * where each tensor lies, and the values. All numbers are little-endian.
 */
import { sizeOf, type DataType, type TypedArray } from '../../kernels';
import type { Variable } from '../../tensor';
import { described, shortened, wrongArgument } from '../../tensor/argument';
import { ofHalfFloats, type HalfFloat } from '../../tensor/half-floats';
import { setOwn } from '../../tensor/own-property';
import { assertTensor } from '../../tensor/tensor-like';
import type { Constant } from '../graph/graph';
import { tensorsOf, type NamedTensors } from '../named-tensors';
import { at, isObject, listAt, numberOf, parseJson, textAt, type Json, type JsonObject } from './json';
import { numbersIn, type ArrayOf } from './numbers-in';

/** Bytes before the header. */
const PREFIX = 8;
/** A longer header is refused, as the format's own library does. */
const MOST_HEADER = 100_000_000;
const METADATA = '__metadata__';

/** How a file keeps numbers: the bytes of one, and how they become values of a tensor. */
interface Kind {
  readonly bytes: number;
  readonly dtype: DataType;
  readonly read: (bytes: Uint8Array) => TypedArray;
}

const kind = <T>(array: ArrayOf<T>, dtype: DataType, values: (numbers: T) => TypedArray): Kind => ({
  bytes: array.BYTES_PER_ELEMENT,
  dtype,
  read: (bytes) => values(numbersIn(array, bytes)),
});

const halves = (format: HalfFloat): Kind =>
  kind(Uint16Array, 'float32', (bits) => ofHalfFloats(bits, format));

/** @throws for an integer that int32 does not hold */
const integers = (array: ArrayOf<Iterable<number | bigint>>): Kind =>
  kind(array, 'int32', (numbers) =>
    Int32Array.from(numbers as Iterable<number>, (value: number | bigint) => {
      const number = Number(value);
      if (number === (number | 0)) return number;
      throw new Error(`it holds ${value}; wanted integers from -2147483648 to 2147483647, which int32 holds`);
    }),
  );

const kinds: Readonly<Record<string, Kind>> = /* @__PURE__ */ (() => ({
  F64: kind(Float64Array, 'float32', (numbers) => new Float32Array(numbers)),
  F32: kind(Float32Array, 'float32', (numbers) => numbers),
  F16: halves('float16'),
  BF16: halves('bfloat16'),
  I64: integers(BigInt64Array),
  U64: integers(BigUint64Array),
  I32: kind(Int32Array, 'int32', (numbers) => numbers),
  U32: integers(Uint32Array),
  I16: integers(Int16Array),
  U16: integers(Uint16Array),
  I8: integers(Int8Array),
  U8: integers(Uint8Array),
  BOOL: kind(Uint8Array, 'bool', (numbers) => numbers.map((value) => Number(value !== 0))),
}))();

/** A tensor in a file. */
interface Entry {
  readonly name: string;
  readonly kind: Kind;
  readonly shape: readonly number[];
  readonly from: number;
  readonly count: number;
}

function wholeNumbers(given: Json, key: string, where: string): number[] {
  const numbers = listAt(given, key, where).map(numberOf);
  if (numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) return numbers;
  throw new Error(`${where}: '${key}' is ${described(at(given, key))}; wanted whole numbers from 0`);
}

/** @throws when an entry of the header does not fit into the file */
function entryOf(name: string, given: Json, room: number, where: string): Entry {
  const of = `${where}: the tensor '${shortened(name)}'`;
  const named = textAt(given, 'dtype', of);
  const kind = Object.hasOwn(kinds, named) ? kinds[named] : undefined;
  if (!kind) throw new Error(`${of} is ${shortened(named)}; wanted ${Object.keys(kinds).join(', ')}`);
  const shape = wholeNumbers(given, 'shape', of);
  const offsets = wholeNumbers(given, 'data_offsets', of);
  const [from = 0, to = 0] = offsets;
  const count = sizeOf(shape);
  if (offsets.length !== 2 || to - from !== count * kind.bytes || to > room)
    throw new Error(
      `${of} lies at [${offsets.join()}]; wanted ${count * kind.bytes} bytes for ${named} [${shape.join()}], within the ${room} that follow the header`,
    );
  return { name, kind, shape, from, count };
}

/** The header, and where it ends. @throws when it is damaged */
function headerOf(bytes: Uint8Array, where: string): { readonly header: JsonObject; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = bytes.length < PREFIX ? NaN : Number(view.getBigUint64(0, true));
  if (!(length <= Math.min(MOST_HEADER, bytes.length - PREFIX)))
    throw new Error(
      `${where} has ${bytes.length} bytes${length >= 0 ? ` and a header of ${length}` : ''}; wanted 8 bytes with the length of a header, the header and the values`,
    );
  const end = PREFIX + length;
  return { header: parseJson(bytes.subarray(PREFIX, end), `${where}: the header`), end };
}

const bytesOf = (operator: string, given: unknown): Uint8Array => {
  if (given instanceof Uint8Array) return given;
  if (given instanceof ArrayBuffer) return new Uint8Array(given);
  throw wrongArgument(operator, 'bytes', given, 'a Uint8Array or an ArrayBuffer');
};

/** The values in a file, by name. All are checked before the first is read. */
export function safetensorsValues(bytes: Uint8Array, where: string): ReadonlyMap<string, Constant> {
  const { header, end } = headerOf(bytes, where);
  const names = Object.keys(header).filter((name) => name !== METADATA);
  const entries = names.map((name) => entryOf(name, header[name], bytes.length - end, where));
  return new Map(
    entries.map(({ name, kind, shape, from, count }) => {
      const own = bytes.subarray(end + from, end + from + count * kind.bytes);
      try {
        return [name, { shape, dtype: kind.dtype, values: kind.read(own) }];
      } catch (cause) {
        throw new Error(`${where}: the tensor '${shortened(name)}': ${(cause as Error).message}`, { cause });
      }
    }),
  );
}

/**
 * Makes tensors of a file in the format safetensors. F16 and BF16 are widened to float32, F64 is rounded to it; integers become int32.
 *
 * @returns the tensors by name, which the caller or the open scope owns
 * @throws when the file is damaged, or holds an integer that int32 does not; nothing is left then
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { fromSafetensors, toSafetensors } from 'rxtensor/models';
 * const weights = { bias: dl.tensor1d([1, 2]) };
 * const file = await toSafetensors(weights, { trainedOn: 'digits' });
 * const restored = fromSafetensors(file);
 * restored.bias?.print(); // 1, 2
 * dl.dispose([weights, restored]);
 * ```
 */
export function fromSafetensors(bytes: Uint8Array | ArrayBuffer): NamedTensors {
  const operator = 'fromSafetensors';
  const values = safetensorsValues(bytesOf(operator, bytes), `${operator}: the file`);
  return tensorsOf(operator, values);
}

/**
 * The texts that the writer of a file has put beside its tensors.
 *
 * @throws when the header is damaged
 *
 * @example
 * ```ts
 * import { safetensorsMetadata, toSafetensors } from 'rxtensor/models';
 *
 * const file = await toSafetensors({}, { trainedOn: 'digits' });
 * console.log(safetensorsMetadata(file).trainedOn); // digits
 * ```
 */
export function safetensorsMetadata(bytes: Uint8Array | ArrayBuffer): Readonly<Record<string, string>> {
  const operator = 'safetensorsMetadata';
  const given = at(headerOf(bytesOf(operator, bytes), `${operator}: the file`).header, METADATA);
  const metadata: Record<string, string> = {};
  if (!isObject(given)) return metadata;
  for (const key of Object.keys(given)) setOwn(metadata, key, textAt(given, key, operator));
  return metadata;
}

const written: Readonly<Record<DataType, string>> = { float32: 'F32', int32: 'I32', bool: 'BOOL' };

/**
 * Writes tensors as a file in the format safetensors. It does not block, and takes the values as they are at the call.
 *
 * @param tensors tensors by name, or variables, which are written under their names
 * @param metadata texts to put beside them
 * @throws (rejects) when a tensor was disposed
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * import { toSafetensors } from 'rxtensor/models';
 *
 * const kernel = dl.variable(() => dl.zeros([2, 3]), true, 'kernel');
 * const file = await toSafetensors([kernel]);
 * console.log(file.length); // 24 for the numbers, and the header
 * kernel.dispose();
 * ```
 */
export async function toSafetensors(
  tensors: NamedTensors | readonly Variable[],
  metadata: Readonly<Record<string, string>> = {},
): Promise<Uint8Array> {
  const operator = 'toSafetensors';
  const named = Array.isArray(tensors)
    ? (tensors as readonly Variable[]).map((each) => [each.name, each] as const)
    : Object.entries(tensors as NamedTensors);
  for (const [name, tensor] of named) assertTensor(operator, name, tensor);
  const sizes = named.map(([, { dtype, size }]) => size * kinds[written[dtype]]!.bytes);
  const reading = Promise.all(named.map(([, tensor]) => tensor.data()));
  const header: Record<string, unknown> = Object.keys(metadata).length > 0 ? { [METADATA]: metadata } : {};
  let offset = 0;
  named.forEach(([name, { dtype, shape }], i) => {
    setOwn(header, name, { dtype: written[dtype], shape, data_offsets: [offset, offset + sizes[i]!] });
    offset += sizes[i]!;
  });
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Spaces behind the header let the values begin at a multiple of eight.
  const length = Math.ceil(text.length / 8) * 8;
  const file = new Uint8Array(PREFIX + length + offset).fill(0x20, PREFIX, PREFIX + length);
  new DataView(file.buffer).setBigUint64(0, BigInt(length), true);
  file.set(text, PREFIX);
  let from = PREFIX + length;
  for (const [i, values] of (await reading).entries()) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), from);
    from += sizes[i]!;
  }
  return file;
}
