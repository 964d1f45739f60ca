/** The tensors of a TensorFlow Lite model: their types, and the values of those that the file holds. */
import { sizeOf, type DataType, type TypedArray } from '../../../kernels';
import { described, shortened } from '../../../tensor/argument';
import type { Constant } from '../../graph/graph';
import type { FlatTable } from '../flatbuffer';
import { numbersIn, type ArrayOf } from '../numbers-in';
import { ofHalfFloats } from '../../../tensor/half-floats';
import { BUFFER, QUANTIZATION, TENSOR } from './schema';
import { densified } from './sparse';

/** Numbers of a file in an array, which is a copy unless they can be read where they are. */
type Read = (bytes: Uint8Array) => ArrayLike<number>;

/** How a file keeps numbers. */
interface Kind {
  readonly name: string;
  readonly bytes: number;
  readonly dtype: DataType;
  readonly read: Read;
  /** The least and the greatest number, if numbers may stand for places on a grid. */
  readonly range?: readonly [number, number];
}

const bigs = (all: BigInt64Array | BigUint64Array): number[] =>
  // The greatest integers stand for "to the end".
  Array.from(all, (value) => Math.max(-0x80000000, Math.min(0x7fffffff, Number(value))));

/** Two numbers in each byte, the lower first. */
const nibbles: Read = (bytes) =>
  Int8Array.from({ length: 2 * bytes.length }, (_, i) => (bytes[i >> 1]! << (i % 2 === 0 ? 28 : 24)) >> 28);

const kind = (name: string, bytes: number, dtype: DataType, read: Read, range?: [number, number]): Kind => ({
  name,
  bytes,
  dtype,
  read,
  ...(range && { range }),
});

/** A kind whose numbers are those of an array. */
const plain = (
  name: string,
  array: ArrayOf<ArrayLike<number>>,
  dtype: DataType,
  range?: [number, number],
): Kind => kind(name, array.BYTES_PER_ELEMENT, dtype, (bytes) => numbersIn(array, bytes), range);

const INT32: [number, number] = [-0x80000000, 0x7fffffff];

/** The types of the schema that are read, by number. */
const kinds: Readonly<Record<number, Kind>> = /* @__PURE__ */ (() => ({
  0: plain('FLOAT32', Float32Array, 'float32'),
  1: kind('FLOAT16', 2, 'float32', (bytes) => ofHalfFloats(numbersIn(Uint16Array, bytes), 'float16')),
  2: plain('INT32', Int32Array, 'int32', INT32),
  3: plain('UINT8', Uint8Array, 'int32', [0, 255]),
  4: kind('INT64', 8, 'int32', (bytes) => bigs(numbersIn(BigInt64Array, bytes)), INT32),
  6: plain('BOOL', Uint8Array, 'bool'),
  7: plain('INT16', Int16Array, 'int32', [-0x8000, 0x7fff]),
  9: plain('INT8', Int8Array, 'int32', [-128, 127]),
  10: plain('FLOAT64', Float64Array, 'float32'),
  12: kind('UINT64', 8, 'int32', (bytes) => bigs(numbersIn(BigUint64Array, bytes))),
  15: plain('UINT32', Uint32Array, 'int32'),
  16: plain('UINT16', Uint16Array, 'int32'),
  17: kind('INT4', 0.5, 'int32', nibbles, [-8, 7]),
}))();

/** Integers q that stand for (q − zero point)·scale: one of each for all, or one for each place along an axis. */
export interface Grid {
  readonly scale: readonly number[];
  readonly zeroPoint: readonly number[];
  readonly axis: number;
  readonly range: readonly [number, number];
}

/** A tensor of the file. */
export interface FileTensor {
  readonly index: number;
  readonly name: string;
  readonly shape: readonly number[];
  /** The extents, null where any is accepted; null if even the rank is not known. */
  readonly extents: readonly (number | null)[] | null;
  readonly kind: Kind | undefined;
  readonly type: number;
  readonly grid: Grid | null;
  /** The numbers that the file holds of it. */
  readonly bytes: Uint8Array;
  readonly sparsity: FlatTable | null;
  readonly where: string;
}

function gridOf(table: FlatTable | null, range: Kind['range'], where: string): Grid | null {
  const scale = table?.floats(QUANTIZATION.scale) ?? [];
  if (!table || !range || scale.length === 0) return null;
  const zeroPoint = table.longs(QUANTIZATION.zeroPoint);
  if (!scale.every((each) => Number.isFinite(each)) || ![0, 1, scale.length].includes(zeroPoint.length))
    throw new Error(
      `${where} has scales ${described(scale)} and zero points ${described(zeroPoint)}; wanted finite numbers, as many of both`,
    );
  return { scale, zeroPoint, axis: table.int(QUANTIZATION.axis), range };
}

/** The bytes of a buffer, which may lie behind the tables. */
function bytesOf(buffer: FlatTable | undefined, where: string): Uint8Array {
  if (!buffer) return new Uint8Array();
  const [offset, size] = [buffer.long(BUFFER.offset), buffer.long(BUFFER.size)];
  if (offset <= 1) return buffer.bytes(BUFFER.data);
  const { bytes } = buffer.file;
  if (offset + size <= bytes.length) return bytes.subarray(offset, offset + size);
  throw new Error(
    `${where} lies at [${offset}, ${offset + size}]; wanted it within the ${bytes.length} bytes of the file`,
  );
}

export function tensorOf(table: FlatTable, index: number, buffers: readonly FlatTable[]): FileTensor {
  const name = table.text(TENSOR.name);
  const where = `${table.file.where}: the tensor '${shortened(name)}' (${index})`;
  const shape = table.ints(TENSOR.shape);
  const open = table.ints(TENSOR.shapeSignature);
  const type = table.byte(TENSOR.type);
  const kind = Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  const given = open.length === shape.length ? open : shape;
  return {
    index,
    name,
    shape,
    extents: table.has(TENSOR.shape) ? given.map((extent) => (extent < 0 ? null : extent)) : null,
    kind,
    type,
    grid: gridOf(table.table(TENSOR.grid), kind?.range, where),
    bytes: bytesOf(buffers[table.int(TENSOR.buffer)], where),
    sparsity: table.table(TENSOR.sparsity),
    where,
  };
}

/** Whether the file holds the values of a tensor. */
export function isConstant({ bytes, shape }: FileTensor): boolean {
  return bytes.length > 0 || shape.includes(0);
}

/** The values of a tensor, with integers that stand for others replaced by these. @throws unless the file holds as many as it says */
export function constantOf(tensor: FileTensor): Constant {
  const { kind, shape, bytes, grid, sparsity, where } = tensor;
  if (!kind)
    throw new Error(
      `${where} is of type ${tensor.type}; wanted ${Object.values(kinds)
        .map(({ name }) => name)
        .join(', ')}`,
    );
  const count = sizeOf(shape);
  const wanted = Math.ceil(count * kind.bytes);
  const isWhole = Number.isInteger(bytes.length / Math.max(1, kind.bytes));
  if (shape.some((extent) => extent < 0) || !isWhole || (!sparsity && wanted !== bytes.length))
    throw new Error(
      `${where} is ${kind.name} [${shape.join()}], and has ${bytes.length} bytes; wanted ${wanted}`,
    );
  if (!sparsity && !grid)
    return {
      shape,
      dtype: kind.dtype,
      get values() {
        return typed(kind.read(bytes), kind.dtype);
      },
    };
  const stored = kind.read(bytes);
  const zero = grid?.zeroPoint[0] ?? 0;
  const numbers = sparsity ? densified(sparsity, shape, stored, zero, where) : stored;
  if (grid) return { shape, dtype: 'float32', values: dequantized(numbers, count, shape, grid, where) };
  return { shape, dtype: kind.dtype, values: typed(numbers, kind.dtype) };
}

function typed(numbers: ArrayLike<number>, dtype: DataType): TypedArray {
  if (dtype === 'bool') return Uint8Array.from(numbers, (value) => Number(value !== 0));
  const Wanted = dtype === 'float32' ? Float32Array : Int32Array;
  return numbers instanceof Wanted ? numbers : Wanted.from(numbers);
}

function dequantized(
  numbers: ArrayLike<number>,
  count: number,
  shape: readonly number[],
  { scale, zeroPoint, axis }: Grid,
  where: string,
): Float32Array {
  if (scale.length > 1 && scale.length !== shape[axis])
    throw new Error(
      `${where} has ${scale.length} scales along axis ${axis} of [${shape.join()}]; wanted one for each place`,
    );
  const inner = Math.max(1, sizeOf(shape.slice(axis + 1)));
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    const c = scale.length === 1 ? 0 : Math.floor(i / inner) % scale.length;
    values[i] = (numbers[i]! - (zeroPoint[c] ?? zeroPoint[0] ?? 0)) * scale[c]!;
  }
  return values;
}

/** A constant with its axes in another order. */
export function transposed(constant: Constant, order: readonly number[]): Constant {
  const { shape, dtype } = constant;
  const extents = order.map((axis) => shape[axis]!);
  return {
    shape: extents,
    dtype,
    get values() {
      return turned(constant, extents, order);
    },
  };
}

function turned(
  { shape, values }: Constant,
  extents: readonly number[],
  order: readonly number[],
): TypedArray {
  const strides = shape.map((_, axis) => sizeOf(shape.slice(axis + 1)));
  const result = values.slice();
  let to = 0;
  const fill = (axis: number, from: number): void => {
    const step = strides[order[axis]!]!;
    const extent = extents[axis]!;
    const isLast = axis === extents.length - 1;
    for (let i = 0, at = from; i < extent; i++, at += step) {
      if (isLast) result[to++] = values[at]!;
      else fill(axis + 1, at);
    }
  };
  fill(0, 0);
  return result;
}
