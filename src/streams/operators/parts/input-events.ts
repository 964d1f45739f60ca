import { concat, from, map, merge, Observable, of, type ObservableInput } from 'rxjs';
import { described } from '../../../tensor/argument';
import { ownedChain } from '../../ownership/stock-chain';

/** A notification of one of several sources. */
export type InputEvent =
  | { readonly kind: 'value'; readonly index: number; readonly value: unknown }
  | { readonly kind: 'complete'; readonly index: number };

/**
 * Merges several sources, subscribed to in order: emits each value inside of the emission that brings it, and the completion of each source.
 * It fails when one of them fails.
 *
 * @param name the operator below, for messages
 */
export function eventsOf(name: string, sources: readonly ObservableInput<unknown>[]): Observable<InputEvent> {
  const merged = merge(
    ...sources.map((source, index) =>
      concat(
        ownedChain(name, from(source)).pipe(map((value): InputEvent => ({ kind: 'value', index, value }))),
        of<InputEvent>({ kind: 'complete', index }),
      ),
    ),
  );
  // Hides that these are stock operators, which would get a scope each: they make no tensors.
  return new Observable((subscriber) => merged.subscribe(subscriber));
}

/** @throws unless `sources` is a non-empty array, and RxJS's `from` accepts each item */
export function assertSources(
  name: string,
  sources: unknown,
): asserts sources is readonly ObservableInput<unknown>[] {
  if (!Array.isArray(sources) || sources.length === 0) {
    throw new Error(
      `${name}: argument 'sources' is ${Array.isArray(sources) ? 'empty' : typeof sources}; wanted an array of observables`,
    );
  }
  sources.forEach((source: unknown, index) => {
    try {
      from(source as ObservableInput<unknown>);
    } catch {
      throw new Error(
        `${name}: source ${index} is ${described(source)}; wanted an observable, or what RxJS makes one of`,
      );
    }
  });
}
