import { Observable, Subject } from 'rxjs';
import { subscribing } from '../emission';

/** The values that have come from the page, as an observable. */
export interface Inbox<T> {
  /** Emits values to its subscribers; values wait while there is none. */
  readonly values$: Observable<T>;
  /** Adds a notification behind those that wait. */
  readonly put: (deliver: (to: Subject<T>) => void) => void;
  /** Drops the notifications that wait. */
  readonly close: () => void;
}

/** Makes an inbox. No value is lost when a pipeline loads its data before it subscribes, or when `retry` subscribes again. */
export function inbox<T>(): Inbox<T> {
  const listeners = new Subject<T>();
  let waiting: ((to: Subject<T>) => void)[] = [];
  const drain = (): void => {
    while (waiting.length > 0 && listeners.observed) waiting.shift()!(listeners);
  };
  return {
    values$: new Observable((subscriber) =>
      subscribing(() => {
        const subscription = listeners.subscribe(subscriber);
        // Nothing may be emitted inside subscribe().
        if (waiting.length > 0) queueMicrotask(drain);
        return subscription;
      }),
    ),
    put: (deliver) => {
      waiting.push(deliver);
      drain();
    },
    close: () => {
      waiting = [];
    },
  };
}
