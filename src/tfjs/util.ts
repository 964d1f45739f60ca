/** `tf.util`: small functions that programs borrow from TensorFlow.js. */
import { sizeOf, type DataType, type TypedArray } from '../kernels';

/**
 * Throws an error with the text of `message` unless `expression` is true.
 *
 * @throws with the message, unless the expression holds
 */
export function assert(expression: boolean, message: () => string): void {
  if (!expression) throw new Error(message());
}

/** The number of elements of a shape. */
export function sizeFromShape(shape: readonly number[]): number {
  return sizeOf(shape);
}

/** Whether two lists have the same elements. */
export function arraysEqual(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  return a.length === b.length && Array.from(a).every((value, i) => value === b[i]);
}

/**
 * Throws unless two shapes are the same.
 *
 * @throws with both shapes, unless they are equal
 */
export function assertShapesMatch(a: readonly number[], b: readonly number[], prefix = ''): void {
  assert(arraysEqual(a, b), () => `${prefix} Shapes ${a.join()} and ${b.join()} must match`);
}

/** All numbers in nested lists, in one list. */
export function flatten(nested: unknown, result: unknown[] = []): unknown[] {
  if (Array.isArray(nested) || isTypedArray(nested))
    for (const each of nested as Iterable<unknown>) flatten(each, result);
  else result.push(nested);
  return result;
}

/** Whether a value is one of the typed arrays that tensors are made of. */
export function isTypedArray(value: unknown): value is TypedArray {
  return ArrayBuffer.isView(value) && !(value instanceof DataView);
}

/** Whether a value is a text. */
export const isString = (value: unknown): value is string => typeof value === 'string';
/** Whether a value is a number. */
export const isNumber = (value: unknown): value is number => typeof value === 'number';
/** Whether a value is true or false. */
export const isBoolean = (value: unknown): value is boolean => typeof value === 'boolean';
/** Whether a value is a function. */
export const isFunction = (value: unknown): boolean => typeof value === 'function';
/** Whether a number is whole. */
export const isInt = (value: number): boolean => value % 1 === 0;
/** Whether a value is a promise. */
export const isPromise = (value: unknown): boolean =>
  typeof (value as { then?: unknown } | null)?.then === 'function';
/** Whether a shape is that of a scalar. */
export const isScalarShape = (shape: readonly number[]): boolean => shape.length === 0;

/** The nearest number to `value` between `min` and `max`. */
export function clamp(min: number, value: number, max: number): number {
  return Math.max(min, Math.min(value, max));
}

/** Milliseconds, for differences. */
export const now = (): number => performance.now();

/** The sum of a list. */
export const sum = (values: ArrayLike<number>): number =>
  Array.from(values).reduce((total, value) => total + value, 0);

/** The sum of squared differences of two lists. */
export function distSquared(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return sum(Array.from(a, (value, i) => (value - b[i]!) ** 2));
}

/** A random number from `a` to `b`, which is not included. */
export const randUniform = (a: number, b: number): number => a + Math.random() * (b - a);

/** Puts a list into a random order, in place (Fisher and Yates). */
export function shuffle<T>(list: T[]): void {
  for (let i = list.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * (i + 1));
    [list[i], list[j]] = [list[j]!, list[i]!];
  }
}

/** The numbers 0 … n − 1 in a random order. */
export function createShuffledIndices(n: number): Uint32Array {
  const indices = Array.from({ length: n }, (_, i) => i);
  shuffle(indices);
  return Uint32Array.from(indices);
}

/** The type that a tensor of these values has. */
export function inferDtype(value: unknown): DataType {
  const [first] = flatten(value);
  if (value instanceof Int32Array || value instanceof Uint8Array) return 'int32';
  return typeof first === 'boolean' ? 'bool' : 'float32';
}

/** The bytes of one element. */
export function bytesPerElement(dtype: DataType): number {
  return dtype === 'bool' ? 1 : 4;
}

/** The distance between neighbours along each axis but the last, in elements. */
export function computeStrides(shape: readonly number[]): number[] {
  return shape.slice(1).map((_, i) => sizeOf(shape.slice(i + 1)));
}

/** Numbers as lists in lists. */
export function toNestedArray(shape: readonly number[], values: ArrayLike<number>): unknown {
  const from = (axis: number, offset: number): unknown => {
    if (axis === shape.length) return values[offset];
    const size = sizeOf(shape.slice(axis + 1));
    return Array.from({ length: shape[axis]! }, (_, i) => from(axis + 1, offset + i * size));
  };
  return from(0, 0);
}

/** The axes of a reduction, each from 0. */
export function parseAxisParam(axis: number | readonly number[] | null, shape: readonly number[]): number[] {
  const axes = axis === null ? shape.map((_, i) => i) : [axis].flat();
  return axes.map((each) => (each < 0 ? shape.length + each : each));
}

/** A shape without extents of 1, and the axes that stay. */
export function squeezeShape(shape: readonly number[]): { newShape: number[]; keptDims: number[] } {
  const keptDims = shape.flatMap((extent, axis) => (extent === 1 ? [] : [axis]));
  return { newShape: keptDims.map((axis) => shape[axis]!), keptDims };
}

/** The global `fetch`. */
export function fetch(address: string, init?: RequestInit): Promise<Response> {
  return globalThis.fetch(address, init);
}
