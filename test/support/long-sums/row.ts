import type { KernelAttributes, KernelName } from '../../../src/kernels';
import type { Operand, OperandType } from '../run-kernel';
import { exactSum, PROMISED, type ExactSum } from '../rounding';

/** Numbers of a given count. */
export type Draw = (length: number) => number[];

/** One run of a kernel in which some results are sums of many terms. */
export interface LongSum<K extends KernelName = KernelName> {
  readonly inputs: readonly Operand[];
  readonly outputs: readonly OperandType[];
  readonly attributes: KernelAttributes[K];
  /** Relative to Σ |terms|. */
  readonly bound: number;
  /** Of some results: which output, where in it, and what is right there. */
  readonly results: readonly LongResult[];
}

export interface LongResult extends ExactSum {
  readonly output?: number;
  readonly at: number;
}

/** How the run looks that adds up about so many terms. */
export type LongSumMaker<K extends KernelName> = (terms: number, draw: Draw) => LongSum<K>;

/** The maker of each case of a kernel, by what is particular about it. */
export type LongSumMakers<K extends KernelName> = Readonly<Record<string, LongSumMaker<K>>>;

/** Float32 values of a shape. */
export function floats(shape: readonly number[], values: readonly number[]): Operand {
  return { shape, dtype: 'float32', values: values.map(Math.fround) };
}

export function drawn(shape: readonly number[], draw: Draw): Operand {
  return floats(shape, draw(shape.reduce((size, extent) => size * extent, 1)));
}

export function integers(shape: readonly number[], at: (i: number) => number): Operand {
  const length = shape.reduce((size, extent) => size * extent, 1);
  return { shape, dtype: 'int32', values: Array.from({ length }, (_, i) => at(i)) };
}

export function float(shape: readonly number[]): OperandType {
  return { shape, dtype: 'float32' };
}

/** The result at a place, as a sum of terms. */
export function sumAt(at: number, count: number, term: (k: number) => number, output = 0): LongResult {
  return { at, output, ...exactSum(count, term) };
}

/** The same divided by a number. */
export function quotient({ value, magnitude, ...rest }: LongResult, divisor: number): LongResult {
  return { ...rest, value: value / divisor, magnitude: magnitude / Math.abs(divisor) };
}

export const { reduction: REDUCTION, product: PRODUCT } = PROMISED;
