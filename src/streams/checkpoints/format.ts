/**
 * The bytes of a checkpoint, all numbers little-endian:
 *
 *   0   8 bytes   `rxtensor` in ASCII
 *   8   uint32    version of the format: 1
 *   12  uint32    CRC-32 of everything from byte 16 on
 *   16  uint32    length of the whole in bytes
 *   20  uint32    length of the header in bytes, H
 *   24  H bytes   header: JSON in UTF-8, padded with spaces to a multiple of 4
 *   …             the values of each tensor of the header, in its order: 4 bytes an element (bool as 0 or 1)
 */
import type { DataType, DataTypeMap } from '../../tensor';
import type { RandomState } from '../../tensor/random-state';
import { crc32 } from './crc32';

type Values = DataTypeMap[DataType];

/** A tensor of a checkpoint, in the order of its values. */
export interface SavedTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

/** What is in a checkpoint beside the values of its tensors. */
export interface CheckpointHeader {
  /** How many examples had been dealt with; 0 where the position was left out. */
  readonly position: number;
  /** How many examples an epoch has; null where nobody knows. */
  readonly length: number | null;
  readonly random: RandomState;
  readonly variables: readonly SavedTensor[];
  readonly optimizers: readonly SavedOptimizer[];
}

export interface SavedOptimizer {
  readonly name: string;
  readonly iterations: number;
  readonly slots: readonly SavedSlot[];
}

/** What an optimizer keeps for a variable; its name is what the optimizer calls it. */
export interface SavedSlot extends SavedTensor {
  readonly variable: string;
}

export interface Checkpoint {
  readonly header: CheckpointHeader;
  /** Of the variables, and then of the slots of each optimizer. */
  readonly values: readonly Values[];
}

const MAGIC = 'rxtensor';
const VERSION = 1;
const PREFIX_BYTES = 24;
/** Where that begins which the CRC-32 is of. */
const CHECKED_FROM = 16;

/** All tensors of a checkpoint, in the order of their values. */
function tensorsOf({ variables, optimizers }: CheckpointHeader): readonly SavedTensor[] {
  return [...variables, ...optimizers.flatMap(({ slots }) => slots)];
}

export function encodeCheckpoint({ header, values }: Checkpoint): Uint8Array {
  const json = JSON.stringify(header);
  const unpadded = new TextEncoder().encode(json).length;
  const text = new TextEncoder().encode(json + ' '.repeat((4 - (unpadded % 4)) % 4));
  const elements = values.reduce((sum, each) => sum + each.length, 0);
  const bytes = new Uint8Array(PREFIX_BYTES + text.length + 4 * elements);
  const view = new DataView(bytes.buffer);
  bytes.set(new TextEncoder().encode(MAGIC));
  view.setUint32(8, VERSION, true);
  view.setUint32(16, bytes.length, true);
  view.setUint32(20, text.length, true);
  bytes.set(text, PREFIX_BYTES);
  let offset = PREFIX_BYTES + text.length;
  for (const each of values) {
    // Bools take four bytes as all else does, so that every tensor begins on a multiple of four.
    const lanes = each instanceof Uint8Array ? Int32Array.from(each) : each;
    new Uint8Array(bytes.buffer, offset).set(littleEndian(lanes));
    offset += 4 * each.length;
  }
  view.setUint32(12, crc32(bytes.subarray(CHECKED_FROM)), true);
  return bytes;
}

/**
 * @param place for messages: where the bytes come from
 * @throws for bytes that are no checkpoint, one of another version, and one that is cut short or damaged
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
  if (found !== noted || bytes.length !== wanted)
    throw new Error(
      `${place} holds a checkpoint that is damaged: the CRC-32 of its ${bytes.length} bytes is ${found}; wanted ${noted}`,
    );
  let offset = PREFIX_BYTES + view.getUint32(20, true);
  const header = JSON.parse(
    new TextDecoder().decode(bytes.subarray(PREFIX_BYTES, offset)),
  ) as CheckpointHeader;
  const values = tensorsOf(header).map(({ shape, dtype }) => {
    const piece = bytes.slice(offset, (offset += 4 * elementsOf(shape)));
    return valuesOf(littleEndian(piece), dtype);
  });
  return { header, values };
}

function elementsOf(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}

function valuesOf({ buffer }: Uint8Array<ArrayBuffer>, dtype: DataType): Values {
  if (dtype === 'float32') return new Float32Array(buffer);
  return dtype === 'int32' ? new Int32Array(buffer) : Uint8Array.from(new Int32Array(buffer));
}

const isLittleEndian = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;

/** Elements of four bytes in the order of the file, from that of the machine; or back. */
function littleEndian<B extends ArrayBufferLike>(elements: ArrayBufferView<B>): Uint8Array<B> {
  const bytes = new Uint8Array(elements.buffer, elements.byteOffset, elements.byteLength);
  if (!isLittleEndian) for (let i = 0; i < bytes.length; i += 4) bytes.subarray(i, i + 4).reverse();
  return bytes;
}
