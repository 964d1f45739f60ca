import type { Operand, Program, Step } from './program';

/**
 * Elementwise steps that run as one. All their outputs have one shape. Values that only other parts read have no memory; `inputs` are the
 * operands from outside, `outputs` what others need.
 */
export interface Chain {
  readonly kernel: 'chain';
  readonly parts: readonly Step[];
  readonly inputs: readonly Operand[];
  readonly outputs: readonly Operand[];
}

/** What an executable runs at a time. */
export type Task = Step | Chain;

/** A program as an executable runs it. */
export interface Schedule extends Pick<Program, 'slots' | 'results' | 'updates'> {
  /** Steps that give the same in each run: they are taken once, before the first one. Their results are kept. */
  readonly once: readonly Step[];
  readonly tasks: readonly Task[];
}

/** The steps of a task. */
export function stepsOf(task: Task): readonly Step[] {
  return task.kernel === 'chain' ? task.parts : [task];
}
