import { concat, from, map, merge, Observable, of, type ObservableInput } from 'rxjs';
import { described } from '../../../tensor/argument';
import { ownedChain } from '../../ownership/stock-chain';

/** A notification from one of several sources; `index` is the source's position. */
export type InputEvent =
  | { readonly kind: 'value'; readonly index: number; readonly value: unknown }
  | { readonly kind: 'complete'; readonly index: number };

/**
 * Subscribes to several sources in order and merges them. Emits an event for each value, synchronously, and one when a source completes.
 * Fails when a source fails.
 *
 * @param name the operator that uses the events, for messages
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
  // A new observable hides the RxJS operators, since each would otherwise get a scope. They make no tensors and need none.
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
