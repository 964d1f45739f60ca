/**
 * The bytes of a checkpoint: a header and values, sealed as sealed.ts says. The header is that of header.ts; the values of each tensor follow
 * in its order, 4 bytes per element (a bool is 0 or 1).
 */
import type { DataType, TypedArray } from '../../tensor';
import { formatShape } from '../../tensor/shape';
import { faultMessage } from '../checks/schema';
import { crc32 } from './crc32';
import { elementsOf, littleEndian, seal, unseal, type Format } from './sealed';
import { faultInHeader, tensorsOf, type CheckpointHeader } from './header';

export interface Checkpoint {
  readonly header: CheckpointHeader;
  /** The values of the variables, then those of the slots of each optimizer. */
  readonly values: readonly TypedArray[];
}

const format: Format = {
  name: 'checkpoint',
  magic: 'rxtensor',
  version: 1,
  contents: 'the variables and the state of the optimizers',
  crc32,
};
/** Bytes of one element. */
const BYTES = 4;

export function encodeCheckpoint({ header, values }: Checkpoint): Uint8Array {
  // Bools take four bytes each, like all other elements.
  const lanes = values.map((each) => (each instanceof Uint8Array ? Int32Array.from(each) : each));
  return seal(format, header, lanes);
}

/**
 * Reads a checkpoint. It checks everything before it returns anything.
 *
 * @param place for messages: where the bytes come from
 * @throws if the bytes are not a checkpoint, have another version, are cut short or damaged, or if a field is invalid (the error names it)
 */
export function decodeCheckpoint(loaded: Uint8Array, place: string): Checkpoint {
  const { header, bytes, end } = unseal(format, loaded, place);
  const fault = faultInHeader(header);
  if (fault) throw new Error(`${place} holds a checkpoint whose header is not right: ${faultMessage(fault)}`);
  return {
    header: header as CheckpointHeader,
    values: allValuesOf(bytes, end, header as CheckpointHeader, place),
  };
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
    const values = valuesOf(littleEndian(piece, BYTES), dtype);
    if (!values)
      throw new Error(
        `${place} holds a checkpoint that is not right: the values of '${field}' are not all bools; wanted 0 and 1`,
      );
    return values;
  });
}

/** Converts bytes to values. Returns null if the dtype is bool and an element is neither 0 nor 1. */
function valuesOf({ buffer }: Uint8Array<ArrayBuffer>, dtype: DataType): TypedArray | null {
  if (dtype === 'float32') return new Float32Array(buffer);
  const lanes = new Int32Array(buffer);
  if (dtype === 'int32') return lanes;
  return lanes.every((lane) => lane === 0 || lane === 1) ? Uint8Array.from(lanes) : null;
}
