/** Row-major arithmetic on shapes. */

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
 * The strides to read a tensor of `shape` as if it had the shape `target`: 0 along every broadcast axis. `shape` must
 * be broadcastable to `target`.
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
 * A loop nest over several operands of one shape. Neighbouring axes are merged where all operands allow it, so that
 * the inner loops are long. `strides[k]` are the strides of operand k.
 */
export interface LoopNest {
  readonly shape: number[];
  readonly strides: number[][];
}

/**
 * Merges neighbouring axes where the strides of every operand allow it, and drops axes of extent 1.
 *
 * @param operands the strides of each operand, one for each axis of `shape`
 */
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
