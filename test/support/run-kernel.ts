import {
  sizeOf,
  type Backend,
  type DataType,
  type KernelAttributes,
  type KernelName,
  type TensorInfo,
} from '../../src/kernels';
import type { TypedArray } from '../../src/kernels';
import { allocateOperand, freeOperands, readOperand, valuesOfOperand } from './operands';
import { numbers, type Reference } from './reference';

export interface OperandType {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

export interface Operand extends OperandType, Reference {}

/** Runs one kernel without the tensor layer, and gives what `use` makes of the outputs before they are freed. */
function withOutputs<K extends KernelName, R>(
  backend: Backend,
  kernel: K,
  inputs: readonly Operand[],
  outputs: readonly OperandType[],
  attributes: KernelAttributes[K],
  use: (outputs: readonly TensorInfo[]) => R,
): R {
  const from = inputs.map(({ shape, dtype, values }) => allocateOperand(backend, shape, dtype, values));
  // Filled, so that elements that the kernel does not write are found.
  const to = outputs.map(({ shape, dtype }) => {
    const unwritten = new Array<number>(sizeOf(shape)).fill(dtype === 'float32' ? NaN : 77);
    return allocateOperand(backend, shape, dtype, unwritten);
  });
  try {
    backend.run(kernel, from, to, attributes);
    return use(to);
  } finally {
    freeOperands(backend, [...from, ...to]);
  }
}

/** Runs one kernel without the tensor layer, and returns its outputs. */
export function runKernel<K extends KernelName>(
  backend: Backend,
  kernel: K,
  inputs: readonly Operand[],
  outputs: readonly OperandType[],
  attributes: KernelAttributes[K],
): TypedArray[] {
  return withOutputs(backend, kernel, inputs, outputs, attributes, (to) =>
    to.map((output) => valuesOfOperand(backend, output)),
  );
}

/** The same, without blocking: the outputs are read as they are at the call, and may be freed before they arrive. */
export async function runKernelAndRead<K extends KernelName>(
  backend: Backend,
  kernel: K,
  inputs: readonly Operand[],
  outputs: readonly OperandType[],
  attributes: KernelAttributes[K],
): Promise<TypedArray[]> {
  return withOutputs(backend, kernel, inputs, outputs, attributes, (to) =>
    Promise.all(to.map((output) => readOperand(backend, output))),
  );
}

/** Makes a function that draws float32 values from `low` to `high`: other values at every call, but the same in every run. */
export function createDraw(seed: number): (length: number, low: number, high: number) => number[] {
  const next = numbers(seed);
  return (length, low, high) => Array.from({ length }, () => Math.fround(low + (high - low) * next()));
}
