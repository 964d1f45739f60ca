import { throwError, type Subscriber } from 'rxjs';
import { watching } from './watching';

/**
 * Reports an error after the subscription has ended (one that a teardown throws, for example). RxJS passes it to `config.onUnhandledError` in
 * a later turn of the event loop, so that it is not thrown into an unrelated emission.
 */
export function reportUnhandled(error: unknown): void {
  throwError(() => error).subscribe();
}

/** An error that was caught. */
export interface Failure {
  readonly error: unknown;
}

/**
 * Catch, close, then notify: runs `work` inside of `open`, catches its error, and returns the error when `open` has closed. The caller then
 * notifies of it outside of the emission.
 *
 * @param open opens an emission, runs its argument in it and closes it
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

/** Whether the engine's stack ran over. V8 and WebKit throw a RangeError, Firefox an InternalError. */
export function isStackOverflow(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // No regular expression: V8 compiles it at its first use, and ends the process where the stack does not suffice for that.
  return error.message.includes('call stack size') || error.message.includes('too much recursion');
}

/** Sends an error notification; when the subscription has ended, the error is reported instead. */
export function notifyError(subscriber: Subscriber<never>, error: unknown): void {
  if (subscriber.closed) {
    reportUnhandled(error);
    return;
  }
  watching.by?.ends(subscriber, { error });
  try {
    subscriber.error(error);
  } catch (thrown) {
    reportUnhandled(thrown);
  }
}

/** Completes; an error that a teardown throws meanwhile is reported. */
export function notifyComplete(subscriber: Subscriber<never>): void {
  watching.by?.ends(subscriber, null);
  try {
    subscriber.complete();
  } catch (thrown) {
    reportUnhandled(thrown);
  }
}
