import type { Observable, OperatorFunction } from 'rxjs';
import type { Pipeline, Step } from './description';

/** Values are integers modulo this: exact on every backend, however long a pipeline is. */
export const MODULUS = 64;

export function modulo(x: number): number {
  return ((x % MODULUS) + MODULUS) % MODULUS;
}

/** The error that descriptions ask for. */
export const DRAWN_ERROR = 'drawn';

/** What stands for a value in one of the interpreters: a scalar tensor, or a number. */
export interface Algebra<V> {
  /** Reads a value that is alive. */
  readonly read: (value: V) => number;
  readonly changed: (value: V) => V;
  readonly sum: (value: V, addend: number) => V;
  /** Our `mapTensor`, or its stand-in. */
  readonly projecting: <A, B>(project: (value: A) => B) => OperatorFunction<A, B>;
  /** Gives a value that whoever asked for it owns, or that the open emission does. */
  readonly make: (number: number) => V;
  readonly pipeline: (pipeline: Pipeline) => Observable<V>;
  readonly steps: (steps: readonly Step[]) => OperatorFunction<V, V>;
}

/** For each step of a kind, the operator that it is. */
export type StepTable<S extends { op: string }, World, V> = {
  readonly [Op in S['op']]: (step: Extract<S, { op: Op }>, world: World) => OperatorFunction<V, V>;
};
