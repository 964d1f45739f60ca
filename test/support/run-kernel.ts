import {
  sizeOf,
  type Backend,
  type DataType,
  type KernelAttributes,
  type KernelName,
} from '../../src/kernels';
import type { TypedArray } from '../../src/kernels';
import { allocateOperand, freeOperands, valuesOfOperand } from './operands';
import { numbers, type Reference } from './reference';

export interface OperandType {
  readonly shape: readonly number[];
  readonly dtype: DataType;
}

export interface Operand extends OperandType, Reference {}

/** Runs one kernel without the tensor layer, and returns its outputs. */
export function runKernel<K extends KernelName>(
  backend: Backend,
  kernel: K,
  inputs: readonly Operand[],
  outputs: readonly OperandType[],
  attributes: KernelAttributes[K],
): TypedArray[] {
  const from = inputs.map(({ shape, dtype, values }) => allocateOperand(backend, shape, dtype, values));
  // Filled, so that elements that the kernel does not write are found.
  const to = outputs.map(({ shape, dtype }) => {
    const unwritten = new Array<number>(sizeOf(shape)).fill(dtype === 'float32' ? NaN : 77);
    return allocateOperand(backend, shape, dtype, unwritten);
  });
  try {
    backend.run(kernel, from, to, attributes);
    return to.map((output) => valuesOfOperand(backend, output));
  } finally {
    freeOperands(backend, [...from, ...to]);
  }
}

/** Makes a function that draws float32 values from `low` to `high`: other values at every call, but the same in every run. */
export function createDraw(seed: number): (length: number, low: number, high: number) => number[] {
  const next = numbers(seed);
  return (length, low, high) => Array.from({ length }, () => Math.fround(low + (high - low) * next()));
}
