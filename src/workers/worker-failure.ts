import { textOf } from './portable-error';

/** The fields of a worker's error event. All are missing when the worker's script did not load. */
interface Told {
  readonly message?: string;
  readonly filename?: string;
  readonly lineno?: number;
  readonly colno?: number;
}

/** Makes an error that names the worker and says what happened. If the cause has stack frames, the error gets them. */
export function workerFailure(worker: string, what: string, cause?: unknown): Error {
  const failure = new Error(`inWorker: ${worker} ${what}`, cause === undefined ? {} : { cause });
  const frames = framesOf(cause);
  if (frames) {
    const stack = `${failure.name}: ${failure.message}\n${frames}`;
    Object.defineProperty(failure, 'stack', { value: stack, configurable: true, writable: true });
  }
  return failure;
}

function framesOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  const { stack = '', name, message } = cause;
  const head = `${name}: ${message}`;
  return stack.startsWith(head) ? stack.slice(head.length + 1) : stack;
}

/** Makes the error for a worker's `error` event (in a page) or for its uncaught error (in Node). */
export function uncaughtFailure(worker: string, thrown: unknown): Error {
  const isEvent = typeof Event === 'function' && thrown instanceof Event;
  if (!isEvent)
    return workerFailure(
      worker,
      `threw: ${thrown instanceof Error ? thrown.message : textOf(thrown)}`,
      thrown,
    );
  // The stream reports this error as a notification, so the page must not report it as uncaught as well.
  thrown.preventDefault();
  const { message, filename, lineno, colno } = thrown as Told;
  if (!message) {
    return workerFailure(
      worker,
      'could not be loaded: is its address right, and does all that it imports load?',
    );
  }
  const cause = new Error(message);
  const stack = `Error: ${message}\n    at ${filename}:${lineno}:${colno}`;
  Object.defineProperty(cause, 'stack', { value: stack, configurable: true, writable: true });
  return workerFailure(worker, `threw: ${message}`, cause);
}
