import { concat, from, map, merge, Observable, of, type ObservableInput } from 'rxjs';
import { described } from '../tensor/argument';
import { ownedChain } from './stock-chain';

/** What one of several sources did. */
export type InputEvent =
  | { readonly kind: 'value'; readonly index: number; readonly value: unknown }
  | { readonly kind: 'complete'; readonly index: number };

/**
 * Several sources as one, subscribed to in order: values as they come, inside of the emissions that bring them, and the end of each.
 * The error of any is its error.
 *
 * @param name of the operator below, for messages
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
  // Not a chain of stock operators: what they do between the sources and the operator makes no tensors.
  return new Observable((subscriber) => merged.subscribe(subscriber));
}

/** @throws unless it is an array of at least one source, each of which RxJS's `from` takes */
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
