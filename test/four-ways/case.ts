import type { Arbitrary } from 'fast-check';
import type { BroughtKernelName, DataType, KernelAttributes, KernelName } from '../../src/kernels';
import type { Operand, OperandType } from '../support/run-kernel';

/** One call of a kernel. */
export interface Case<K extends KernelName = KernelName> {
  readonly inputs: readonly Operand[];
  readonly outputs: readonly OperandType[];
  readonly attributes: KernelAttributes[K];
}

/** How far element i of an output may be from what plain TypeScript gives; Infinity where nothing can be said. */
export type Allowed = (i: number, way: 'cpu' | 'webgl') => number;

/** Runs the kernel of the case in plain TypeScript, with other inputs. */
export type RunPlain<K extends KernelName> = (
  inputs: readonly Operand[],
  attributes?: KernelAttributes[K],
) => readonly (readonly number[])[];

/** How one kernel is compared. */
export interface Row<K extends KernelName> {
  readonly cases: Arbitrary<Case<K>>;
  /**
   * For each output how far a float may be from plain TypeScript's, by arithmetic. Without it every output must be the same, as must
   * int32 and bool always.
   */
  readonly allowed?: (
    drawn: Case<K>,
    wanted: readonly (readonly number[])[],
    plain: RunPlain<K>,
  ) => readonly Allowed[];
  /** The sign of a zero counts: for kernels that only move values. */
  readonly keepsSignOfZero?: true;
}

/** Every kernel that fills tensors. `paint` fills none, and those that an entry brings have specs of their own. */
export type FillingKernel = Exclude<KernelName, 'paint' | BroughtKernelName>;

/** A row for every such kernel; the compiler sees a missing one. */
export type Rows = { readonly [K in FillingKernel]: Row<K> };

export const float32 = (shape: readonly number[]): OperandType => ({ shape, dtype: 'float32' });
export const int32 = (shape: readonly number[]): OperandType => ({ shape, dtype: 'int32' });
export const ofType = (shape: readonly number[], dtype: DataType): OperandType => ({ shape, dtype });
