import { Observable, Subject } from 'rxjs';
import { subscribing } from '../streams/emission';

/** Holds the values that come from the page, and emits them as an observable. */
export interface Inbox<T> {
  /** Emits the values. Values wait while nobody is subscribed. */
  readonly values$: Observable<T>;
  /** Adds a notification to the end of the queue. */
  readonly put: (deliver: (to: Subject<T>) => void) => void;
  /** Drops all notifications that still wait. */
  readonly close: () => void;
}

/** Makes an inbox. It keeps values while a pipeline loads its data before it subscribes, and until `retry` subscribes again. */
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
        // The queue is emitted in a microtask, because nothing may be emitted inside subscribe().
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
