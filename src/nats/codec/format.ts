/**
 * Emissions as bytes, and back: sealed as checkpoints are (streams/checkpoints/sealed.ts), with a header that holds the value as JSON and the
 * description of each tensor and array in it, whose numbers follow. In the JSON, an object with the one key `#` stands for what JSON has
 * not: a list of a word (`value`, `number`, `undefined`, `typed`) and what belongs to it. Keys of the program that begin with `#` get another `#`.
 *
 * Bytes from outside are checked before anything is allocated for them: no description may claim more numbers than there are bytes, nor have many
 * more objects than bytes (proportion.ts).
 */
import type { DataType, TypedArray } from '../../tensor';
import { fastCrc32 } from './fast-crc32';
import { assertFewContainers } from './proportion';
import type { Format } from '../../streams/checkpoints/sealed';

/** How float32 numbers travel: as they are, or rounded to 16 bits, which takes half of the bytes. */
export type Precision = 'float32' | 'float16' | 'bfloat16';

export const precisions: readonly Precision[] = ['float32', 'float16', 'bfloat16'];

export const format: Format = {
  name: 'emission',
  magic: 'emission',
  version: 1,
  contents: 'its numbers',
  crc32: fastCrc32,
  check: assertFewContainers,
};

/** Deeper values are refused: they would use up the stack. */
export const MOST_LEVELS = 64;
export const MARK = '#';

export type AnyArray = (
  TypedArray | Int8Array | Uint8ClampedArray | Int16Array | Uint16Array | Uint32Array | Float64Array
) &
  ArrayBufferView;
type ArrayClass = new (buffer: ArrayBuffer) => AnyArray;

/** The arrays that can be sent. Their names also tell arrays of another realm, where `instanceof` fails. */
export const arrayClasses: Readonly<Record<string, ArrayClass>> = {
  Float32Array,
  Float64Array,
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
};

export const arrayOfType: Readonly<Record<DataType, string>> = {
  float32: 'Float32Array',
  int32: 'Int32Array',
  bool: 'Uint8Array',
};

/** The description of a tensor or an array in the header. */
export interface Part {
  /** The dtype of a tensor, or the class of an array. */
  readonly type: string;
  readonly shape: readonly number[];
  readonly precision: Precision;
}

/** The header of an emission. */
export interface Header {
  readonly value: unknown;
  readonly parts: readonly Part[];
}

/** Whether numbers of a part may be rounded to 16 bits. */
export const isFloat = (type: string): boolean => type === 'float32' || type === 'Float32Array';

/** The class of an array that can be sent; null for anything else. */
export function classOf(value: unknown): string | null {
  if (!ArrayBuffer.isView(value)) return null;
  const name = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return Object.hasOwn(arrayClasses, name) ? name : null;
}

/** The path to a part of a value, for messages. */
export const step = (path: string, key: string | number): string =>
  typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`;
