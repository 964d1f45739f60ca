import { sizeOf } from '../tensor/shape';
import type { HostArray } from '../streams/data/host-array';

/** An element type of the format: its size in bytes, and a function that reads elements from the bytes after the header. */
interface ElementType {
  readonly bytes: number;
  readonly read: (data: Uint8Array) => HostArray['values'];
}

/** Element types by the third byte of the magic number. Signed integers become int32, reals float32; unsigned bytes are not copied. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [0x08, { bytes: 1, read: (data: Uint8Array) => data }],
  [0x09, { bytes: 1, read: elementReader(1, Int32Array, (view, at) => view.getInt8(at)) }],
  [0x0b, { bytes: 2, read: elementReader(2, Int32Array, (view, at) => view.getInt16(at)) }],
  [0x0c, { bytes: 4, read: elementReader(4, Int32Array, (view, at) => view.getInt32(at)) }],
  [0x0d, { bytes: 4, read: elementReader(4, Float32Array, (view, at) => view.getFloat32(at)) }],
  [0x0e, { bytes: 8, read: elementReader(8, Float32Array, (view, at) => view.getFloat64(at)) }],
]);

/** All numbers of the format are big-endian, which is the default of DataView. */
function elementReader(
  bytes: number,
  Values: typeof Int32Array | typeof Float32Array,
  readOne: (view: DataView, at: number) => number,
): (data: Uint8Array) => HostArray['values'] {
  return (data) => {
    const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
    const values = new Values(data.byteLength / bytes);
    for (let i = 0; i < values.length; i++) values[i] = readOne(view, i * bytes);
    return values;
  };
}

/**
 * Parses a file in IDX format, the format of the MNIST digits: two zero bytes, a byte for the type, a byte for the rank, the extents as
 * 32-bit integers, and the elements, all big-endian (http://yann.lecun.com/exdb/mnist).
 *
 * @param bytes the content of the file, decompressed
 * @param name the name of the file, for messages
 * @returns the elements and their shape: unsigned bytes as a view of the same memory, signed integers as int32, reals as float32
 * @throws when the magic number is wrong, the file is longer or shorter than the header says, or rows have no elements
 * @example
 * ```ts
 * import { parseIdx } from 'rxtensor/files';
 * const bytes = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
 * console.log(parseIdx(bytes)); // { values: Uint8Array [7, 2, 1], shape: [3] }
 * ```
 */
export function parseIdx(bytes: ArrayBuffer | Uint8Array, name = 'the data'): HostArray {
  const data = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  const header = headerOf(data, name);
  if (!header)
    throw new Error(
      `parseIdx: ${name} is truncated: found ${data.length} bytes; wanted ${wantedHeader(data)}`,
    );
  const { elements, shape, headerBytes, bytes: wanted } = header;
  const wrongLength = (found: string): Error =>
    new Error(`parseIdx: ${name} ${found}; wanted ${wanted} for shape [${shape.join(',')}]`);
  if (data.length < wanted) throw wrongLength(`is truncated: found ${data.length} bytes`);
  if (data.length > wanted)
    throw wrongLength(`goes on after its last element: found more than ${wanted} bytes`);
  return { values: elements.read(data.subarray(headerBytes)), shape };
}

/**
 * The size of the file in bytes, according to its header; null when the header is incomplete.
 *
 * @throws when `head` does not begin an IDX file
 */
export function sizeOfIdx(head: Uint8Array, name: string): number | null {
  return headerOf(head, name)?.bytes ?? null;
}

/** The content of a header. */
interface Header {
  readonly elements: ElementType;
  readonly shape: readonly number[];
  readonly headerBytes: number;
  /** The size of the whole file. */
  readonly bytes: number;
}

/** Parses the header; null when there are too few bytes. It allocates nothing by the sizes in it, since a file from outside may claim any. */
function headerOf(data: Uint8Array, name: string): Header | null {
  if (data.length < 4) return null;
  const [zero0, zero1, type, rank] = data as unknown as readonly [number, number, number, number];
  const elements = elementTypes.get(type);
  if (zero0 !== 0 || zero1 !== 0 || !elements) {
    const found = [...data.subarray(0, 4)].map((each) => each.toString(16).padStart(2, '0')).join(' ');
    const gzip =
      zero0 === 0x1f && zero1 === 0x8b ? ' (it is compressed with gzip: loadIdx() and idx() read that)' : '';
    throw new Error(
      `parseIdx: ${name} begins with the bytes ${found}; wanted an IDX magic number: 00 00, ` +
        `a type of 08, 09, 0b, 0c, 0d or 0e, and the number of dimensions${gzip}`,
    );
  }
  const headerBytes = 4 + 4 * rank;
  if (data.length < headerBytes) return null;
  const view = new DataView(data.buffer, data.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const [rows = 1, ...row] = shape;
  if (rows > 0 && row.includes(0)) {
    throw new Error(
      `parseIdx: ${name} has the shape [${shape.join(',')}]: ${rows} rows without an element; wanted elements in each`,
    );
  }
  // Any product with a 0 is 0, also where the others are too great for a number.
  const size = rows === 0 ? 0 : sizeOf(shape);
  return { elements, shape, headerBytes, bytes: headerBytes + elements.bytes * size };
}

function wantedHeader(data: Uint8Array): string {
  if (data.length < 4) return 'a magic number of 4';
  return `a header of ${4 + 4 * data[3]!} for ${data[3]} dimensions`;
}
