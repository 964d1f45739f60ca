/**
 * The bytes of a checkpoint, all numbers little-endian:
 *
 *   0   8 bytes   `rxtensor` in ASCII
 *   8   uint32    version of the format: 1
 *   12  uint32    CRC-32 of everything from byte 16 on
 *   16  uint32    length of the whole checkpoint in bytes
 *   20  uint32    length of the header in bytes, H
 *   24  H bytes   header: JSON in UTF-8, padded with spaces to a multiple of 4
 *   …             the values of each tensor, in the order of the header: 4 bytes per element (a bool is 0 or 1)
 */
import type { DataType, TypedArray } from '../../tensor';
import { formatShape } from '../../tensor/shape';
import { faultMessage } from '../checks/schema';
import { crc32 } from './crc32';
import { faultInHeader, tensorsOf, type CheckpointHeader } from './header';

export interface Checkpoint {
  readonly header: CheckpointHeader;
  /** The values of the variables, then those of the slots of each optimizer. */
  readonly values: readonly TypedArray[];
}

const MAGIC = 'rxtensor';
const VERSION = 1;
const PREFIX_BYTES = 24;
/** The CRC-32 covers the bytes from here on. */
const CHECKED_FROM = 16;
/** The values of each tensor begin at a multiple of this. */
const ALIGNMENT = 4;
/** Bytes of one element. */
const BYTES = 4;
/** The length of a checkpoint is stored as a uint32. */
const MOST_BYTES = 2 ** 32 - 1;

export function encodeCheckpoint({ header, values }: Checkpoint): Uint8Array {
  const json = JSON.stringify(header);
  const unpadded = new TextEncoder().encode(json).length;
  const text = new TextEncoder().encode(json + ' '.repeat((4 - (unpadded % 4)) % 4));
  const elements = values.reduce((sum, each) => sum + each.length, 0);
  const length = PREFIX_BYTES + text.length + BYTES * elements;
  if (length > MOST_BYTES)
    throw new Error(
      `checkpoint: the variables and the state of the optimizers take ${length} bytes; wanted at most ${MOST_BYTES}`,
    );
  const bytes = new Uint8Array(length);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, VERSION, true);
  view.setUint32(16, bytes.length, true);
  view.setUint32(20, text.length, true);
  bytes.set(text, PREFIX_BYTES);
  let offset = PREFIX_BYTES + text.length;
  for (const each of values) {
    // Bools take four bytes each, like all other elements, so every tensor begins at a multiple of four.
    const lanes = each instanceof Uint8Array ? Int32Array.from(each) : each;
    new Uint8Array(bytes.buffer, offset).set(littleEndian(lanes));
    offset += 4 * each.length;
  }
  view.setUint32(12, crc32(bytes.subarray(CHECKED_FROM)), true);
  return bytes;
}

/**
 * Reads a checkpoint. It checks everything before it returns anything.
 *
 * @param place for messages: where the bytes come from
 * @throws if the bytes are not a checkpoint, have another version, are cut short or damaged, or if a field is invalid (the error names it)
 */
export function decodeCheckpoint(loaded: Uint8Array, place: string): Checkpoint {
  // A Buffer of Node is a Uint8Array whose slice() copies nothing.
  const bytes = new Uint8Array(loaded.buffer, loaded.byteOffset, loaded.byteLength);
  const start = new TextDecoder('latin1').decode(bytes.subarray(0, MAGIC.length));
  if (start !== MAGIC.slice(0, start.length))
    throw new Error(`${place} holds no checkpoint: it begins with '${start}'; wanted '${MAGIC}'`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wanted = bytes.length < PREFIX_BYTES ? PREFIX_BYTES : view.getUint32(16, true);
  if (bytes.length < wanted)
    throw new Error(
      `${place} holds a checkpoint that is cut short: found ${bytes.length} bytes; wanted ${wanted}`,
    );
  const version = view.getUint32(8, true);
  if (version !== VERSION)
    throw new Error(`${place} holds a checkpoint of version ${version}; wanted ${VERSION}`);
  const found = crc32(bytes.subarray(CHECKED_FROM));
  const noted = view.getUint32(12, true);
  if (found !== noted)
    throw new Error(
      `${place} holds a checkpoint that is damaged: the CRC-32 of its ${bytes.length} bytes is ${found}; wanted ${noted}`,
    );
  if (bytes.length !== wanted)
    throw new Error(
      `${place} holds a checkpoint that is not right: it has ${bytes.length} bytes; wanted ${wanted}, as it says`,
    );
  const end = PREFIX_BYTES + view.getUint32(20, true);
  if (end > bytes.length || end % ALIGNMENT !== 0)
    throw new Error(
      `${place} holds a checkpoint that is not right: its header ends at byte ${end}; wanted a multiple of ${ALIGNMENT}, up to ${bytes.length}`,
    );
  const header = headerOf(bytes.slice(PREFIX_BYTES, end), place);
  return { header, values: allValuesOf(bytes, end, header, place) };
}

/** @throws when the bytes are not the header of a checkpoint */
function headerOf(bytes: Uint8Array, place: string): CheckpointHeader {
  let header: unknown;
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new Error(
      `${place} holds a checkpoint whose header cannot be read: ${String(cause)}; wanted JSON in UTF-8`,
      {
        cause,
      },
    );
  }
  const fault = faultInHeader(header);
  if (fault) throw new Error(`${place} holds a checkpoint whose header is not right: ${faultMessage(fault)}`);
  return header as CheckpointHeader;
}

/** Reads the values of all tensors, which follow each other without gaps. @throws unless they fill the rest of the bytes exactly */
function allValuesOf(
  bytes: Uint8Array,
  start: number,
  header: CheckpointHeader,
  place: string,
): TypedArray[] {
  const tensors = tensorsOf(header);
  // Check the sizes first: a shape in a broken file may claim any number of bytes.
  let end = start;
  for (const { field, shape } of tensors) {
    const size = BYTES * elementsOf(shape);
    if (!(size <= bytes.length - end))
      throw new Error(
        `${place} holds a checkpoint whose header is not right: '${field}.shape' is ${formatShape(shape)}, which takes ${size} bytes; ` +
          `wanted one for the ${bytes.length - end} bytes that are left`,
      );
    end += size;
  }
  if (end !== bytes.length)
    throw new Error(
      `${place} holds a checkpoint that is not right: it has ${bytes.length - end} bytes after the values of its last tensor; wanted none`,
    );
  let offset = start;
  return tensors.map(({ field, shape, dtype }) => {
    const piece = bytes.slice(offset, (offset += BYTES * elementsOf(shape)));
    const values = valuesOf(littleEndian(piece), dtype);
    if (!values)
      throw new Error(
        `${place} holds a checkpoint that is not right: the values of '${field}' are not all bools; wanted 0 and 1`,
      );
    return values;
  });
}

function elementsOf(shape: readonly number[]): number {
  // Look for an extent of 0 first: the product of the other extents may overflow to ∞, and ∞ · 0 is NaN.
  return shape.includes(0) ? 0 : shape.reduce((product, extent) => product * extent, 1);
}

/** Converts bytes to values. Returns null if the dtype is bool and an element is neither 0 nor 1. */
function valuesOf({ buffer }: Uint8Array<ArrayBuffer>, dtype: DataType): TypedArray | null {
  if (dtype === 'float32') return new Float32Array(buffer);
  const lanes = new Int32Array(buffer);
  if (dtype === 'int32') return lanes;
  return lanes.every((lane) => lane === 0 || lane === 1) ? Uint8Array.from(lanes) : null;
}

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Converts elements between the byte order of the machine and little-endian, in either direction. */
function littleEndian<B extends ArrayBufferLike>(elements: ArrayBufferView<B>): Uint8Array<B> {
  const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
  if (!isLittleEndian) for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
  return bytes;
}
