import type { MonoTypeOperatorFunction, Observable, OperatorFunction, SchedulerLike } from 'rxjs';
import type { Pipeline, Step } from './description';
import type { Timing } from './timing';

/** Values are integers modulo this: exact on every backend, however long a pipeline is. */
export const MODULUS = 64;

export function modulo(x: number): number {
  return ((x % MODULUS) + MODULUS) % MODULUS;
}

/** The error that descriptions ask for. */
export const DRAWN_ERROR = 'drawn';

/** What stands for a value in one of the interpreters: a scalar tensor, or a number. */
export interface Algebra<V> {
  readonly scheduler: SchedulerLike;
  readonly timing: Timing;
  /** Reads a value that is alive. */
  readonly read: (value: V) => number;
  readonly changed: (value: V) => V;
  readonly sum: (value: V, addend: number) => V;
  /** Our `mapTensor`, or its stand-in. */
  readonly projecting: <A, B>(project: (value: A) => B) => OperatorFunction<A, B>;
  /** Our `scanTensor` from the state 5, or its stand-in: the function is told of each value that it adds, and may feed others back. */
  readonly adding: (tell: (value: V) => void) => MonoTypeOperatorFunction<V>;
  /** Gives a value that whoever asked for it owns, or that the open emission does. */
  readonly make: (number: number) => V;
  readonly pipeline: (pipeline: Pipeline) => Observable<V>;
  readonly steps: (steps: readonly Step[]) => OperatorFunction<V, V>;
}

/** What `scanTensor` says of a value that comes while its function is at work. */
export const REENTERED =
  "scanTensor: a value came while the function 'accumulate' was at work on the one before it; wanted values that come when it has " +
  'returned: fed back by whoever subscribes below, or in a later turn';

/** For each step of a kind, the operator that it is. */
export type StepTable<S extends { op: string }, World, V> = {
  readonly [Op in S['op']]: (step: Extract<S, { op: Op }>, world: World) => OperatorFunction<V, V>;
};
