/** Row-major arithmetic on shapes that every backend's kernels share. Pure functions. */

export type Shape = readonly number[];

/** Number of elements in a tensor of this shape; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  let size = 1;
  for (const extent of shape) size *= extent;
  return size;
}

/** Row-major strides, in elements, one for each axis. */
export function stridesOf(shape: Shape): number[] {
  const strides = new Array<number>(shape.length);
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    strides[axis] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

/**
 * Strides with which a tensor of `shape` is read as if it had the shape `target`: 0 along every axis that is
 * repeated. `shape` must be broadcastable to `target`.
 */
export function broadcastStrides(shape: Shape, target: Shape): number[] {
  const strides = new Array<number>(target.length).fill(0);
  const lead = target.length - shape.length;
  let stride = 1;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    if (shape[axis] !== 1) strides[axis + lead] = stride;
    stride *= shape[axis]!;
  }
  return strides;
}

export function sameShape(a: Shape, b: Shape): boolean {
  if (a.length !== b.length) return false;
  for (let axis = 0; axis < a.length; axis++) if (a[axis] !== b[axis]) return false;
  return true;
}

/**
 * A loop nest over `shape` in which axes that every operand walks contiguously have been merged, so that kernels
 * run long inner loops. `strides[k]` belongs to operand k.
 */
export interface LoopNest {
  readonly shape: number[];
  readonly strides: number[][];
}

/** Merges neighbouring axes wherever each operand's stride allows it, and drops axes of extent 1. */
export function mergeAxes(shape: Shape, operands: readonly (readonly number[])[]): LoopNest {
  const merged: number[] = [];
  const strides: number[][] = operands.map(() => []);
  for (let axis = 0; axis < shape.length; axis++) {
    const extent = shape[axis]!;
    if (extent === 1) continue;
    const last = merged.length - 1;
    const fits = last >= 0 && operands.every((s, k) => strides[k]![last] === s[axis]! * extent);
    if (fits) {
      merged[last]! *= extent;
      operands.forEach((s, k) => (strides[k]![last] = s[axis]!));
    } else {
      merged.push(extent);
      operands.forEach((s, k) => strides[k]!.push(s[axis]!));
    }
  }
  if (merged.length === 0) {
    merged.push(1);
    strides.forEach((s) => s.push(0));
  }
  return { shape: merged, strides };
}
