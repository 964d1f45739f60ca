import type { DataType, TypedArray } from '../dtype';
import type { KernelAttributes, KernelName } from '../kernel-table';

/**
 * A place for values while a program runs. Tensors that are views of each other share one slot, so a slot has a size but no shape: the
 * shape belongs to each use ({@link Operand}).
 */
export interface Slot {
  readonly dtype: DataType;
  /** Number of elements. */
  readonly size: number;
  readonly origin: SlotOrigin;
}

/** Where the values of a slot come from. */
export type SlotOrigin =
  /** The caller passes them with each run, at this position. */
  | { readonly kind: 'argument'; readonly position: number }
  /**
   * A variable, or another tensor that the recorded function uses without having made it. It is read anew by each run, at this position.
   * `fixed` if its values are the same in each run, since it is no variable.
   */
  | { readonly kind: 'captured'; readonly position: number; readonly fixed?: true }
  /** Values from the host that are the same in each run. */
  | { readonly kind: 'constant'; readonly values: TypedArray }
  /** A step of the program writes them. */
  | { readonly kind: 'step' };

/** The use of a slot as an input or an output of a kernel. */
export interface Operand {
  /** The slot, by its position in {@link Program.slots}. */
  readonly slot: number;
  readonly shape: readonly number[];
}

/** One kernel call. */
export interface Step<K extends KernelName = KernelName> {
  /** The op that called the kernel, for people and for errors. */
  readonly op: string;
  readonly kernel: K;
  readonly attributes: KernelAttributes[K];
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
  /**
   * If given, the attributes change from run to run (keys of random numbers, an optimizer's hyper-parameters): the run passes them, at this
   * position.
   */
  readonly varying?: number;
}

/**
 * The kernel calls of one emission, as plain data, which can be cloned and sent to a worker. The steps run in order. A slot of origin 'step' is
 * written by exactly one step, before any step reads it.
 */
export interface Program {
  readonly slots: readonly Slot[];
  readonly steps: readonly Step[];
  /** What the program gives. A result may be the slot of an argument, a captured tensor, or of another result: then it is a view. */
  readonly results: readonly Operand[];
  /** New values of captured tensors (variables that a training step updates): the run swaps them in when all steps have been taken. */
  readonly updates: readonly { readonly captured: number; readonly slot: number }[];
}
