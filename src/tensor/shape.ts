import { sameShape, sizeOf, type Shape } from '../kernels';
import { isIntegerFrom, isIntegers, wrongArgument } from './argument';

const OPERANDS = ['a', 'b'] as const;

/** A shape as it is written in messages: `[2,3]`. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(',')}]`;
}

/**
 * The shape that both operands are repeated to, by the rule of NumPy and TensorFlow: aligned at the last axis, two
 * extents agree when they are equal or one of them is 1.
 *
 * @throws naming the op when they do not agree
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

/** Whether a tensor of this shape can be repeated to another, by the rule of broadcasting. */
export function isRepeatable(shape: Shape, to: Shape): boolean {
  const lead = to.length - shape.length;
  return lead >= 0 && shape.every((extent, axis) => extent === 1 || extent === to[lead + axis]);
}

/** The axis counted from the front. @throws when it is not one of a tensor of this rank */
export function normalizeAxis(op: string, axis: number, rank: number, argument = 'axis'): number {
  if (!Number.isInteger(axis) || axis < -rank || axis >= rank) {
    const wanted = rank === 0 ? 'none, the tensor is a scalar' : `an integer in [${-rank}, ${rank - 1}]`;
    throw wrongArgument(op, argument, axis, wanted);
  }
  return axis < 0 ? axis + rank : axis;
}

/** Axes counted from the front, ascending; all of them when none are given. @throws on a repeated axis too */
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
 * Fills in the one −1 that a shape may have.
 *
 * @throws when the sizes do not agree, or an extent is no non-negative integer
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
          `wanted a size that ${known} divides`,
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
