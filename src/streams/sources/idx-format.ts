import { sizeOf } from '../../tensor/shape';
import type { HostArray } from '../host-array';

/** One of the types of an element: its size, and how elements are read from the bytes that follow the header. */
interface ElementType {
  readonly bytes: number;
  readonly read: (data: Uint8Array) => HostArray['values'];
}

/** By the third byte of the magic number. Integers become int32, reals float32; bytes stay where they are. */
const elementTypes: ReadonlyMap<number, ElementType> = new Map([
  [0x08, { bytes: 1, read: (data: Uint8Array) => data }],
  [0x09, { bytes: 1, read: elementReader(1, Int32Array, (view, at) => view.getInt8(at)) }],
  [0x0b, { bytes: 2, read: elementReader(2, Int32Array, (view, at) => view.getInt16(at)) }],
  [0x0c, { bytes: 4, read: elementReader(4, Int32Array, (view, at) => view.getInt32(at)) }],
  [0x0d, { bytes: 4, read: elementReader(4, Float32Array, (view, at) => view.getFloat32(at)) }],
  [0x0e, { bytes: 8, read: elementReader(8, Float32Array, (view, at) => view.getFloat64(at)) }],
]);

/** All numbers of the format are big-endian, as are DataView's unless told otherwise. */
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
 * Reads the IDX format, in which the MNIST digits are published: two bytes 0, a byte for the type, a byte for the
 * rank, the extents as 32-bit integers, the elements; all big-endian (http://yann.lecun.com/exdb/mnist).
 *
 * @param bytes the content of the file, decompressed
 * @param name of the file, for messages
 * @returns bytes as a view of the same memory; signed integers as int32, reals as float32
 * @throws when the magic number is another, and when there are more or fewer bytes than the header says
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const bytes = new Uint8Array([0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1]);
 * console.log(dl.parseIdx(bytes)); // { values: Uint8Array [7, 2, 1], shape: [3] }
 * ```
 */
export function parseIdx(bytes: ArrayBuffer | Uint8Array, name = 'the data'): HostArray {
  const data = bytes instanceof Uint8Array ? bytes : new Uint8Array(bytes);
  if (data.length < 4) {
    throw new Error(`parseIdx: ${name} is truncated: found ${data.length} bytes; wanted a magic number of 4`);
  }
  const [zero0, zero1, type, rank] = data as unknown as readonly [number, number, number, number];
  const elements = elementTypes.get(type);
  if (zero0 !== 0 || zero1 !== 0 || !elements) {
    const found = [...data.subarray(0, 4)].map((each) => each.toString(16).padStart(2, '0')).join(' ');
    throw new Error(
      `parseIdx: ${name} begins with the bytes ${found}; wanted an IDX magic number: 00 00, ` +
        'a type of 08, 09, 0b, 0c, 0d or 0e, and the number of dimensions',
    );
  }
  const header = 4 + 4 * rank;
  if (data.length < header) {
    throw new Error(
      `parseIdx: ${name} is truncated: found ${data.length} bytes; wanted a header of ${header} for ${rank} dimensions`,
    );
  }
  const view = new DataView(data.buffer, data.byteOffset);
  const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(4 + 4 * axis));
  const wanted = header + elements.bytes * sizeOf(shape);
  if (data.length !== wanted) {
    const difference =
      data.length < wanted ? 'is truncated' : `has ${data.length - wanted} bytes after its last element`;
    throw new Error(
      `parseIdx: ${name} ${difference}: found ${data.length} bytes; wanted ${wanted} for shape [${shape.join(',')}]`,
    );
  }
  return { values: elements.read(data.subarray(header)), shape };
}
