import { takingNull } from './op';
import { markOwn, sizeOf, stridesOf, type DataType, type DataTypeMap, type Shape } from '../kernels';
import { assertInteger, wrongArgument } from './argument';
import { assertDataType } from './dtype';
import type { Rank, ShapeMap } from './rank';
import { assertShape, formatShape } from './shape';
import type { Tensor } from './tensor';
import { makeTensor } from './tensor-like';

function emptyValues(size: number, dtype: DataType): DataTypeMap[DataType] {
  if (dtype === 'float32') return new Float32Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/**
 * Values on the host that can be changed one by one and then made into a tensor. See {@link buffer}.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const values = dl.buffer([2, 2]);
 * values.set(5, 1, 0);
 * dl.tidy(() => values.toTensor().print()); // [[0, 0], [5, 0]]
 * ```
 */
export class TensorBuffer<R extends Rank = Rank, D extends DataType = 'float32'> {
  static {
    markOwn(this);
  }

  /** Number of elements. */
  readonly size: number;
  /** Row-major strides, in elements, one for each axis. */
  readonly strides: number[];
  /** The elements, row-major. */
  readonly values: DataTypeMap[D];

  /** @throws when the shape or the dtype is malformed, or the number of values does not fit the shape */
  constructor(
    /** Extent of each axis; [] for a scalar. */
    readonly shape: ShapeMap[R],
    /** The type of the elements. */
    readonly dtype: D,
    values?: DataTypeMap[D],
  ) {
    assertShape('buffer', shape);
    assertDataType('buffer', dtype);
    this.size = sizeOf(shape);
    this.strides = stridesOf(shape);
    if (values && values.length !== this.size) {
      throw new Error(
        `buffer: argument 'values' has ${values.length} elements; wanted ${this.size}, for the shape ${formatShape(shape)}`,
      );
    }
    this.values = values ?? (emptyValues(this.size, dtype) as DataTypeMap[D]);
  }

  /** Number of axes. */
  get rank(): number {
    return this.shape.length;
  }

  /** Sets the element at an index; without an index the first one. @throws when the index is outside of the shape, or the value is not a number */
  set(value: number | boolean, ...index: number[]): void {
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw wrongArgument('TensorBuffer.set', 'value', value, 'a number or a boolean');
    this.values[positionOf(this, 'set', index)] = Number(value);
  }

  /** The element at an index; without an index the first one. @throws when the index is outside of the shape */
  get(...index: number[]): number {
    return this.values[positionOf(this, 'get', index)]!;
  }

  /** The row-major position of an index. @throws when the index is outside of the shape */
  locToIndex(index: readonly number[]): number {
    return positionOf(this, 'locToIndex', index);
  }

  /** The index of a row-major position. @throws when there is no such position */
  indexToLoc(position: number): number[] {
    assertInteger('TensorBuffer.indexToLoc', 'position', position, 0, this.size - 1);
    const shape: readonly number[] = this.shape;
    return this.strides.map((stride, axis) => Math.floor(position / stride) % shape[axis]!);
  }

  /** Makes a tensor of a copy of the values. */
  toTensor(): Tensor<R> {
    return makeTensor('toTensor', this.values, this.shape, this.dtype) as Tensor<R>;
  }
}

interface Placed {
  readonly shape: Shape;
  readonly strides: readonly number[];
}

function positionOf({ shape, strides }: Placed, method: string, index: readonly number[]): number {
  const wrongIndex = (): Error => {
    const wanted = `${shape.length} integers that lie in the shape ${formatShape(shape)}`;
    return wrongArgument(`TensorBuffer.${method}`, 'index', index, wanted);
  };
  if (!Array.isArray(index)) throw wrongIndex();
  const given = index as readonly number[];
  // As in TensorFlow.js, no index means the first element.
  const place = given.length === 0 ? strides.map(() => 0) : given;
  const fits =
    place.length === shape.length &&
    place.every((each, axis) => Number.isInteger(each) && each >= 0 && each < shape[axis]!);
  if (!fits) throw wrongIndex();
  return place.reduce((position, each, axis) => position + each * strides[axis]!, 0);
}

/**
 * Makes a buffer of values on the host, which can be changed one by one and then made into a tensor.
 *
 * @param values the elements, row-major, which are not copied; zeros by default
 * @throws when the number of values does not fit the shape
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const b = dl.buffer([2, 2]);
 * b.set(3, 0, 1);
 * b.toTensor().print(); // [0, 3], [0, 0]
 * ```
 */
export const buffer = takingNull(function buffer<R extends Rank = Rank, D extends DataType = 'float32'>(
  shape: ShapeMap[R] | number[],
  dtype: D = 'float32' as D,
  values?: DataTypeMap[D],
): TensorBuffer<R, D> {
  return new TensorBuffer(shape as ShapeMap[R], dtype, values);
});
