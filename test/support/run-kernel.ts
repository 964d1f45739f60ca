import {
  sizeOf,
  type Backend,
  type DataType,
  type KernelAttributes,
  type KernelName,
} from '../../src/kernels';
import type { TensorInfo, TypedArray } from '../../src/kernels';
import { numbers, type Reference } from './reference';

export interface OperandType {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

export interface Operand extends OperandType, Reference {}

/** Runs one kernel by itself, below the tensor layer, and gives its outputs. */
export function runKernel<K extends KernelName>(
  backend: Backend,
  kernel: K,
  inputs: readonly Operand[],
  outputs: readonly OperandType[],
  attributes: KernelAttributes[K],
): TypedArray[] {
  const place = ({ shape, dtype }: OperandType, values: readonly number[]): TensorInfo => {
    const size = sizeOf(shape);
    const storage = { size, handle: backend.allocate(size, dtype) };
    backend.write(storage.handle, dtype === 'float32' ? Float32Array.from(values) : Int32Array.from(values));
    return { shape, dtype, storage };
  };
  const from = inputs.map((input) => place(input, input.values));
  // What a kernel leaves unwritten shows.
  const to = outputs.map((type) =>
    place(type, new Array<number>(sizeOf(type.shape)).fill(type.dtype === 'float32' ? NaN : 77)),
  );
  try {
    backend.run(kernel, from, to, attributes);
    return to.map(({ storage, dtype }) => backend.readSync!(storage.handle, storage.size, dtype));
  } finally {
    for (const { storage } of [...from, ...to]) backend.free(storage.handle);
  }
}

/** Float32 values from `low` to `high`, the same in every run, others at every call. */
export function createDraw(seed: number): (length: number, low: number, high: number) => number[] {
  const next = numbers(seed);
  return (length, low, high) => Array.from({ length }, () => Math.fround(low + (high - low) * next()));
}
