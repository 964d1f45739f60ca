import { identity, type Observable, type MonoTypeOperatorFunction, type OperatorFunction } from 'rxjs';
import type { StepTable } from './algebra';
import type { Source, Step } from './description';

/**
 * All steps one after the other, each by its row of the table.
 *
 * @param between follows each step
 */
export function composed<World, V>(
  table: StepTable<Step, World, V>,
  steps: readonly Step[],
  world: World,
  between: MonoTypeOperatorFunction<V> = identity,
): OperatorFunction<V, V> {
  const operators = steps.map((step) => {
    const row = table[step.op] as (step: Step, world: World) => OperatorFunction<V, V>;
    return row(step, world);
  });
  return (source) => operators.reduce((stream, operator) => between(operator(stream)), source);
}

/** For each source, the stream that it is. */
export type SourceTable<World, V> = {
  readonly [Name in Source['source']]: (
    source: Extract<Source, { source: Name }>,
    world: World,
  ) => Observable<V>;
};

/** The stream of a source, by its row of the table. */
export function sourced<World, V>(table: SourceTable<World, V>, source: Source, world: World): Observable<V> {
  const row = table[source.source] as (source: Source, world: World) => Observable<V>;
  return row(source, world);
}
