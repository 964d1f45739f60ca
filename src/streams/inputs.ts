import { concat, map, merge, of, type Observable, type ObservableInput, from } from 'rxjs';

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

/** @throws unless it is an array of at least one source */
export function assertSources(
  name: string,
  sources: unknown,
): asserts sources is readonly ObservableInput<unknown>[] {
  if (!Array.isArray(sources) || sources.length === 0) {
    throw new Error(
      `${name}: argument 'sources' is ${Array.isArray(sources) ? 'empty' : typeof sources}; wanted an array of observables`,
    );
  }
}
