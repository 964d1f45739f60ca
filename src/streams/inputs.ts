import { concat, map, merge, of, type Observable, type ObservableInput, from } from 'rxjs';
import { described } from '../tensor/argument';

/** What one of several sources did. */
export type InputEvent =
  | { readonly kind: 'value'; readonly index: number; readonly value: unknown }
  | { readonly kind: 'complete'; readonly index: number };

/**
 * Several sources as one, subscribed to in order: values as they come, inside of the emissions that bring them, and the end of each.
 * The error of any is its error.
 */
export function eventsOf(sources: readonly ObservableInput<unknown>[]): Observable<InputEvent> {
  return merge(
    ...sources.map((source, index) =>
      concat(
        from(source).pipe(map((value): InputEvent => ({ kind: 'value', index, value }))),
        of<InputEvent>({ kind: 'complete', index }),
      ),
    ),
  );
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
