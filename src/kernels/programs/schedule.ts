import type { KernelAttributes } from '../kernel-table';
import type { Operand, Program, Step } from './program';

/** An operand of a chain, which may be a part of each row of a larger value. */
export interface ChainOperand extends Operand {
  /** If given, slot and shape are those of the larger value; the chain reads or writes this slot from this column on. */
  readonly part?: { readonly slot: number; readonly shape: readonly number[]; readonly offset: number };
}

/**
 * Elementwise steps that run as one. All their outputs have one shape. Values that only other parts read have no memory; `inputs` are the
 * operands from outside, `outputs` what others need.
 */
export interface Chain {
  readonly kernel: 'chain';
  readonly parts: readonly Step[];
  readonly inputs: readonly ChainOperand[];
  readonly outputs: readonly ChainOperand[];
  /** If given, the one output is this reduction of the last part's value. */
  readonly reduction?: KernelAttributes['reduce'];
}

/** The slopes of a batch normalisation, scale / √(variance + epsilon), in double precision and then rounded, as the kernel computes them. */
export interface Slopes {
  readonly kernel: 'slopes';
  readonly epsilon: number;
  /** The variance and the scale. */
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
}

/** What an executable runs at a time. */
export type Task = Step | Chain | Slopes;

/** A program as an executable runs it. */
export interface Schedule extends Pick<Program, 'slots' | 'results' | 'updates'> {
  /** Steps that give the same in each run: they are taken once, before the first one. Their results are kept. */
  readonly once: readonly Step[];
  readonly tasks: readonly Task[];
}
