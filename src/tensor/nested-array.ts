import type { Shape } from '../kernels';
import { described } from './argument';

/** A number, or arrays of numbers to any depth. */
export type NestedArray = number | NestedArray[];

/** Turns row-major values into nested arrays of that shape; for [] into a number. */
export function toNestedArray(shape: Shape, values: ArrayLike<number>): NestedArray {
  if (shape.length === 0) return values[0]!;
  let position = 0;
  const build = (axis: number): NestedArray[] => {
    const items: NestedArray[] = [];
    const last = axis === shape.length - 1;
    for (let i = 0; i < shape[axis]!; i++) items.push(last ? values[position++]! : build(axis + 1));
    return items;
  };
  return build(0);
}

/**
 * The shape of nested arrays, whose last axis may be typed arrays.
 *
 * @throws when arrays on one axis differ in length, or a leaf is not a number or a boolean
 */
export function shapeOfNested(op: string, value: unknown, argument = 'values'): number[] {
  const shape: number[] = [];
  let first: unknown = value;
  while (isArrayLike(first)) {
    shape.push(first.length);
    first = first[0];
  }
  check({ op, argument }, value, shape, []);
  return shape;
}

function isArrayLike(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && !(value instanceof DataView));
}

/** The op and its argument, for messages. */
interface Place {
  readonly op: string;
  readonly argument: string;
}

function check(place: Place, value: unknown, shape: Shape, path: readonly number[]): void {
  const depth = path.length;
  if (depth === shape.length) {
    if (isArrayLike(value))
      throw ragged(place, path, `an array of ${value.length}`, 'a number, as in the first place');
    if (typeof value !== 'number' && typeof value !== 'boolean')
      throw ragged(place, path, described(value), 'a number or a boolean');
    return;
  }
  if (!isArrayLike(value)) throw ragged(place, path, described(value), `an array of ${shape[depth]}`);
  if (value.length !== shape[depth])
    throw ragged(place, path, `an array of ${value.length}`, `one of ${shape[depth]}`);
  if (ArrayBuffer.isView(value)) return;
  const isLast = depth === shape.length - 1;
  for (let i = 0; i < value.length; i++) {
    // Skips numbers on the last axis, which are right: to build their paths would be slow.
    if (!(isLast && typeof value[i] === 'number')) check(place, value[i], shape, [...path, i]);
  }
}

function ragged({ op, argument }: Place, path: readonly number[], found: string, wanted: string): Error {
  const place = path.map((index) => `[${index}]`).join('');
  return new Error(
    `${op}: argument '${argument}' is ragged: at ${place || 'the top'} found ${found}; wanted ${wanted}`,
  );
}

/** Copies nested values into `out` in row-major order. Booleans become 0 and 1. */
export function flattenNested(
  value: unknown,
  out: { [index: number]: number; readonly length: number },
): void {
  let position = 0;
  const copy = (item: unknown): void => {
    if (isArrayLike(item)) for (let i = 0; i < item.length; i++) copy(item[i]);
    else out[position++] = Number(item);
  };
  copy(value);
}
