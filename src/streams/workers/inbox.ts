import { Observable, Subject } from 'rxjs';
import { subscribing } from '../emission';

/** What has come from the page, as an observable. */
export interface Inbox<T> {
  /** Values go to whoever subscribes at the time, and wait while nobody does. */
  readonly values$: Observable<T>;
  /** Puts one notification behind those that wait. */
  readonly put: (deliver: (to: Subject<T>) => void) => void;
  /** Drops what waits. */
  readonly close: () => void;
}

/** An inbox: a pipeline may load its data before it subscribes, and `retry` subscribes again, without losing a value. */
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
        // Nothing is emitted inside of a subscribe().
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
