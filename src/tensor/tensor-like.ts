import { kindOf, wrongArgument } from './argument';
import { activeBackend, sizeOf, type DataType, type Shape, type TypedArray } from '../kernels';
import { writeValues } from './device';
import { flattenNested, shapeOfNested } from './nested-array';
import { newTensor } from './new-tensor';
import { formatShape } from './shape';
import { Tensor } from './tensor';

/** Arrays of numbers or booleans to any depth. */
export type RecursiveArray = readonly (number | boolean | TypedArrayLike | RecursiveArray)[];
/** Typed arrays that can be made into a tensor. */
export type TypedArrayLike = TypedArray | Uint8ClampedArray;

/** Values that can be made into a tensor: numbers, booleans, nested arrays of them, and typed arrays. */
export type TensorLike = number | boolean | TypedArrayLike | RecursiveArray;

/** The argument of an op: a tensor, or values that the op makes into one. */
export type TensorInput = Tensor | TensorLike;

/** The default dtype for values: float32 for numbers, int32 for integer typed arrays, bool for booleans. */
export function inferDataType(values: TensorLike): DataType {
  if (values instanceof Float32Array) return 'float32';
  if (ArrayBuffer.isView(values)) return 'int32';
  let first: unknown = values;
  while (Array.isArray(first)) first = first[0];
  if (ArrayBuffer.isView(first)) return inferDataType(first as TypedArrayLike);
  return typeof first === 'boolean' ? 'bool' : 'float32';
}

/**
 * Makes a tensor with these values.
 *
 * @param shape the shape; by default the shape of the nested values
 * @throws when the values are ragged, are not numbers or booleans, or do not fit the shape
 */
export function makeTensor(
  op: string,
  values: TensorLike,
  shape?: Shape,
  dtype: DataType = inferDataType(values),
  argument = 'values',
): Tensor {
  assertNumbers(op, argument, values);
  const inferred = shapeOfNested(op, values, argument);
  const target = shape ?? inferred;
  const size = sizeOf(target);
  if (sizeOf(inferred) !== size) {
    throw new Error(
      `${op}: argument '${argument}' has ${sizeOf(inferred)} elements (shape ${formatShape(inferred)}); ` +
        `wanted ${size}, for the shape ${formatShape(target)}`,
    );
  }
  if (shape && inferred.length > 1 && formatShape(inferred) !== formatShape(shape)) {
    throw new Error(
      `${op}: argument '${argument}' is nested to the shape ${formatShape(inferred)}; ` +
        `wanted ${formatShape(shape)}, or flat values`,
    );
  }
  const lanes = size > 0 ? lanesOf(values, size, dtype) : null;
  const made = newTensor(activeBackend(), target, dtype);
  try {
    if (lanes) writeValues(op, made, lanes);
  } catch (error) {
    made.dispose();
    throw error;
  }
  return made;
}

/** Converts values to the array that a backend stores: floats for float32, truncated integers for int32, 0 and 1 for bool. */
function lanesOf(values: TensorLike, size: number, dtype: DataType): TypedArray {
  if (dtype === 'float32' && values instanceof Float32Array) return values;
  if (dtype === 'int32' && values instanceof Int32Array) return values;
  const lanes = dtype === 'float32' ? new Float32Array(size) : new Int32Array(size);
  if (ArrayBuffer.isView(values)) lanes.set(values);
  else flattenNested(values, lanes);
  if (dtype === 'bool') {
    const truth = new Float32Array(size);
    flattenNested(values, truth);
    for (let i = 0; i < size; i++) lanes[i] = truth[i] !== 0 ? 1 : 0;
  }
  return lanes;
}

function assertNumbers(op: string, argument: string, values: unknown): void {
  let first = values;
  while (Array.isArray(first) && first.length > 0) first = first[0];
  const found = first === null ? 'null' : typeof first;
  const fits = found === 'number' || found === 'boolean' || Array.isArray(first) || isNumberArray(first);
  if (!fits) {
    throw new Error(
      `${op}: argument '${argument}' holds ${describe(first)}; wanted numbers, booleans, or arrays of them`,
    );
  }
}

function isNumberArray(value: unknown): boolean {
  return (
    value instanceof Float32Array ||
    value instanceof Int32Array ||
    value instanceof Uint8Array ||
    value instanceof Uint8ClampedArray
  );
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'object') return value instanceof Tensor ? 'a tensor' : kindOf(value);
  return typeof value === 'undefined' ? 'undefined' : `a ${typeof value}`;
}

/**
 * Turns an op's argument into a tensor: a tensor is returned as it is, plain values become a tensor that the innermost scope owns.
 *
 * @param dtype the dtype for plain values; tensors keep theirs
 * @throws when the argument is neither, or a disposed tensor
 */
export function asTensor(op: string, argument: string, value: TensorInput, dtype?: DataType): Tensor {
  if (value instanceof Tensor) {
    value.assertUsable(op, argument);
    return value;
  }
  if (
    typeof value !== 'number' &&
    typeof value !== 'boolean' &&
    !Array.isArray(value) &&
    !isNumberArray(value)
  ) {
    throw new Error(
      `${op}: argument '${argument}' is ${describe(value)}; wanted a tensor, a number, or nested arrays`,
    );
  }
  return makeTensor(op, value, undefined, dtype, argument);
}

/** @throws unless it is a living tensor; plain values are rejected, too */
export function assertTensor(op: string, argument: string, value: unknown): asserts value is Tensor {
  if (!(value instanceof Tensor)) throw wrongArgument(op, argument, value, 'a tensor');
  value.assertUsable(op, argument);
}

/** As {@link asTensor}, and checks the rank. @throws unless it has the rank, or one of the ranks, `rank` */
export function asRank(
  op: string,
  argument: string,
  value: TensorInput,
  rank: number | readonly number[],
  dtype?: DataType,
): Tensor {
  const x = asTensor(op, argument, value, dtype);
  if (typeof rank === 'number' ? x.rank !== rank : !rank.includes(x.rank)) {
    const ranks = typeof rank === 'number' ? [rank] : rank;
    throw new Error(
      `${op}: argument '${argument}' has rank ${x.rank} (shape ${formatShape(x.shape)}); wanted rank ${ranks.join(' or ')}`,
    );
  }
  return x;
}
