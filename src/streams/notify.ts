import { throwError, type Subscriber } from 'rxjs';

/**
 * An error that nobody listens for any more (thrown by a teardown, say): RxJS reports it, as `config.onUnhandledError` has it, in a
 * turn of its own. It must not be thrown at whoever happens to be emitting.
 */
export function reportUnhandled(error: unknown): void {
  throwError(() => error).subscribe();
}

/** Sends an error notification; where nobody listens any more the error is reported instead of lost. */
export function notifyError(subscriber: Subscriber<never>, error: unknown): void {
  if (subscriber.closed) {
    reportUnhandled(error);
    return;
  }
  try {
    subscriber.error(error);
  } catch (thrown) {
    reportUnhandled(thrown);
  }
}

/** Completes; what a teardown throws meanwhile is reported. */
export function notifyComplete(subscriber: Subscriber<never>): void {
  try {
    subscriber.complete();
  } catch (thrown) {
    reportUnhandled(thrown);
  }
}
