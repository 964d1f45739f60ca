import type { KernelAttributes, KernelName } from '../../../src/kernels';
import type { Operand, OperandType } from '../run-kernel';
import { exactSum, PROMISED, type ExactSum } from '../rounding';

/** Draws `length` numbers. */
export type Draw = (length: number) => number[];

/** A run of a kernel of which some results are sums of many terms. */
export interface LongSum<K extends KernelName = KernelName> {
  readonly inputs: readonly Operand[];
  readonly outputs: readonly OperandType[];
  readonly attributes: KernelAttributes[K];
  /** The largest allowed error, relative to Σ |terms|. */
  readonly bound: number;
  /** Some results to check: the output, the index in it, and the exact value. */
  readonly results: readonly LongResult[];
}

export interface LongResult extends ExactSum {
  readonly output?: number;
  readonly at: number;
}

/** Makes a run that adds up about so many terms. */
export type LongSumMaker<K extends KernelName> = (terms: number, draw: Draw) => LongSum<K>;

/** The cases of a kernel, by their names. */
export type LongSumMakers<K extends KernelName> = Readonly<Record<string, LongSumMaker<K>>>;

/** A float32 operand. */
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

/** The result at an index, as a sum of terms. */
export function sumAt(at: number, count: number, term: (k: number) => number, output = 0): LongResult {
  return { at, output, ...exactSum(count, term) };
}

/** A result divided by a number. */
export function quotient({ value, magnitude, ...rest }: LongResult, divisor: number): LongResult {
  return { ...rest, value: value / divisor, magnitude: magnitude / Math.abs(divisor) };
}

export const { reduction: REDUCTION, product: PRODUCT } = PROMISED;
