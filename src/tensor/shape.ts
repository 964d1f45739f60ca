import { sameShape, sizeOf, type Shape } from '../kernels/strides';
import { isIntegerFrom, isIntegers, wrongArgument } from './argument';

const OPERANDS = ['a', 'b'] as const;

/** A shape as text for messages: `[2,3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/**
 * The shape to which two operands are broadcast, by the rule of NumPy and TensorFlow: shapes are aligned at the last axis,
 * and two extents must be equal, or one of them 1.
 *
 * @throws when they are not
 */
export function broadcastShape(
  op: string,
  a: Shape,
  b: Shape,
  [first, second]: readonly [string, string] = OPERANDS,
): number[] {
  const rank = Math.max(a.length, b.length);
  const shape = new Array<number>(rank);
  for (let axis = 0; axis < rank; axis++) {
    const x = a[a.length - rank + axis] ?? 1;
    const y = b[b.length - rank + axis] ?? 1;
    if (x !== y && x !== 1 && y !== 1) {
      throw new Error(
        `${op}: arguments '${first}' and '${second}' have shapes ${formatShape(a)} and ${formatShape(b)}, which cannot be ` +
          `broadcast together: axis ${axis - rank} is ${x} in the first and ${y} in the second; wanted equal extents, or a 1`,
      );
    }
    shape[axis] = x === 1 ? y : x;
  }
  return shape;
}

/** Whether a tensor of this shape can be broadcast to the shape `to`. */
export function isRepeatable(shape: Shape, to: Shape): boolean {
  const lead = to.length - shape.length;
  return lead >= 0 && shape.every((extent, axis) => extent === 1 || extent === to[lead + axis]);
}

/** Turns an axis, which may be negative, into one in [0, rank). @throws unless it is an integer in [−rank, rank) */
export function normalizeAxis(op: string, axis: number, rank: number, argument = 'axis'): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const wanted = rank === 0 ? 'none, the tensor is a scalar' : `an integer in [${-rank}, ${rank - 1}]`;
    throw wrongArgument(op, argument, axis, wanted);
  }
  return axis < 0 ? axis + rank : axis;
}

/** {@link normalizeAxis} of a list of axes, in ascending order; all axes if none are given. @throws when an axis is repeated, too */
export function normalizeAxes(
  op: string,
  axes: number | readonly number[] | undefined | null,
  rank: number,
): number[] {
  if (axes === undefined || axes === null) return Array.from({ length: rank }, (_, axis) => axis);
  const list = (Array.isArray(axes) ? axes : [axes]).map((axis: number) => normalizeAxis(op, axis, rank));
  list.sort((a, b) => a - b);
  for (let i = 1; i < list.length; i++) {
    if (list[i] === list[i - 1])
      throw new Error(`${op}: argument 'axis' names axis ${list[i]} twice; wanted each once`);
  }
  return list;
}

/**
 * A shape for `size` elements; one extent may be −1, and is computed from the others.
 *
 * @throws when the shape does not fit the size, or another extent is not a non-negative integer
 */
export function inferReshape(op: string, shape: Shape, size: number): number[] {
  let unknown = -1;
  let known = 1;
  shape.forEach((extent, axis) => {
    if (extent === -1) {
      if (unknown >= 0)
        throw new Error(`${op}: argument 'shape' is ${formatShape(shape)}; wanted at most one -1`);
      unknown = axis;
      return;
    }
    assertExtent(op, shape, extent);
    known *= extent;
  });
  const inferred = [...shape];
  if (unknown >= 0) {
    if (known === 0 || size % known !== 0) {
      throw new Error(
        `${op}: argument 'shape' is ${formatShape(shape)}, for a tensor of ${size} elements; ` +
          `wanted ${known === 0 ? 'no -1 beside 0' : `a multiple of ${known} elements`}`,
      );
    }
    inferred[unknown] = size / known;
  } else if (known !== size) {
    throw new Error(
      `${op}: argument 'shape' is ${formatShape(shape)}, of ${known} elements; wanted ${size} elements`,
    );
  }
  return inferred;
}

function assertExtent(op: string, shape: Shape, extent: number): void {
  if (!isIntegerFrom(extent, 0)) throw wrongArgument(op, 'shape', shape, 'non-negative integers');
}

/** @throws unless every extent is a non-negative integer */
export function assertShape(op: string, shape: Shape, argument = 'shape'): void {
  if (!isIntegers(shape, 0)) throw wrongArgument(op, argument, shape, 'an array of non-negative integers');
}

export { sameShape, sizeOf };
