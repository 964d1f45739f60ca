import { sizeOf, stridesOf, type Shape } from '../../src/kernels';
import { flattenNested, shapeOfNested, type NestedArray } from '../../src/tensor/nested-array';
import type { Tensor } from '../../src/tensor/tensor';
import { tensor } from '../../src/tensor/ops';
import type { DataType } from '../../src/kernels';

/** An n-dimensional float64 array, in which specs compute the right result of an op. */
export interface Reference {
  readonly shape: readonly number[];
  /** The elements, row-major. */
  readonly values: readonly number[];
}

/** A reference, or nested arrays that stand for one. */
export type ReferenceLike = Reference | NestedArray | readonly (readonly number[])[] | readonly number[];

/** Turns nested arrays into a reference. */
export function reference(value: ReferenceLike): Reference {
  if (isReference(value)) return value;
  const shape = shapeOfNested('reference', value);
  const values = new Array<number>(sizeOf(shape)).fill(0);
  flattenNested(value, values);
  return { shape, values };
}

function isReference(value: unknown): value is Reference {
  return typeof value === 'object' && value !== null && 'values' in value && !Array.isArray(value);
}

/** Makes a reference, with each element computed from its index. */
export function build(shape: Shape, element: (index: number[]) => number): Reference {
  const strides = stridesOf(shape);
  const values = Array.from({ length: sizeOf(shape) }, (_, flat) =>
    element(strides.map((stride, axis) => Math.floor(flat / stride) % shape[axis]!)),
  );
  return { shape: [...shape], values };
}

/** The element at an index. The index may belong to a shape to which the reference is broadcast. */
export function at(x: Reference, index: readonly number[]): number {
  const lead = index.length - x.shape.length;
  let flat = 0;
  x.shape.forEach((extent, axis) => {
    flat = flat * extent + (extent === 1 ? 0 : index[lead + axis]!);
  });
  return x.values[flat]!;
}

/** Applies f to each element. */
export function mapped(x: Reference, f: (value: number) => number): Reference {
  return { shape: x.shape, values: x.values.map(f) };
}

/** Makes a tensor of a reference; the innermost scope owns it. */
export function toTensor(x: ReferenceLike, dtype: DataType = 'float32'): Tensor {
  const { shape, values } = reference(x);
  return tensor(new Float32Array(values), [...shape], dtype);
}

/** A generator of random numbers in [0, 1) that does not use the library's: Marsaglia's xorshift, 2003. */
export function numbers(seed: number): () => number {
  let state = (seed * 2654435761) | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 4294967296;
  };
  for (let i = 0; i < 8; i++) next();
  return next;
}

/**
 * Values spread over [low, high), multiples of 1/1024: exact in float32, also after a finite-difference step.
 */
export function sample(shape: Shape, seed = 1, low = -2, high = 2): Reference {
  const next = numbers(seed);
  return build(shape, () => Math.floor((low + (high - low) * next()) * 1024) / 1024);
}
