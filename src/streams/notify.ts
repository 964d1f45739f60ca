import { throwError, type Subscriber } from 'rxjs';

/**
 * An error that nobody listens for any more (thrown by a teardown, say): RxJS reports it, as `config.onUnhandledError` has it, in a
 * turn of its own. It must not be thrown at whoever happens to be emitting.
 */
export function reportUnhandled(error: unknown): void {
  throwError(() => error).subscribe();
}

/** What a piece of work has thrown. */
export interface Failure {
  readonly error: unknown;
}

/**
 * Catch, close, then notify: runs `work` in what `open` opens around it, and gives what it threw when that has been closed. So whoever is
 * notified of the error starts clean.
 *
 * @param open must call what it is given, once
 */
export function failureIn(open: (work: () => void) => void, work: () => void): Failure | null {
  let failure: Failure | null = null;
  open(() => {
    try {
      work();
    } catch (error) {
      failure = { error };
    }
  });
  return failure;
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
