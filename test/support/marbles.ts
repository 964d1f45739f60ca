/** Help for specs of streams: exact marble diagrams over tensors, promises settled by hand, and a device whose end of work is. */
import { map, type OperatorFunction } from 'rxjs';
import { backend } from '../../src/tensor/running';
import { plainValues } from '../../src/testing/plain-values';
import { tensorMarbles, type TensorMarbles } from '../../src/testing/tensor-marbles';

/** As `tensorMarbles`, for the specs of this library: exact, and counted by Jasmine as an expectation. */
export function marbles(work: (helpers: TensorMarbles) => void): void {
  tensorMarbles(work, { tolerance: 0 });
  expect().nothing();
}

export { plainValues as plain } from '../../src/testing/plain-values';

/** Reads tensors while they live, as {@link plainValues}: for the ends of specs. */
export function read<T>(): OperatorFunction<T, unknown> {
  return map(plainValues);
}

/** A promise that is settled by hand. */
export interface Deferred<T = void> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: unknown) => void;
}

export function deferred<T = void>(): Deferred<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

/**
 * Lets the event loop go round, so that all that can happen by itself has happened. On WebGL reads take longer than a turn of it: what is
 * timed on a device comes after all that was asked of it before.
 */
export async function settle(turns = 5): Promise<void> {
  for (let i = 0; i < turns; i++) {
    await new Promise((resolve) => setTimeout(resolve));
    await backend().time(() => undefined);
  }
}

/** The device in use, made to look busy. */
export interface BusyDevice {
  /** Counts as a piece of work that was submitted. */
  readonly submit: () => void;
  /** The marks asked for, in order: to be resolved by hand. */
  readonly marks: Deferred[];
  readonly restore: () => void;
}

/** Takes `mark` and `submissions` of the backend in use into the spec's hands, until it restores them. */
export function busyDevice(): BusyDevice {
  const device = backend();
  const before = {
    mark: Object.getOwnPropertyDescriptor(device, 'mark'),
    submissions: Object.getOwnPropertyDescriptor(device, 'submissions'),
  };
  const marks: Deferred[] = [];
  let submissions = 0;
  const mark = (): Promise<void> => {
    const made = deferred();
    marks.push(made);
    return made.promise;
  };
  Object.defineProperty(device, 'mark', { configurable: true, value: mark });
  Object.defineProperty(device, 'submissions', {
    configurable: true,
    get: () => submissions,
    set: () => undefined,
  });
  return {
    submit: () => {
      submissions++;
    },
    marks,
    restore: () => {
      for (const [name, descriptor] of Object.entries(before)) {
        Reflect.deleteProperty(device, name);
        if (descriptor) Object.defineProperty(device, name, descriptor);
      }
    },
  };
}

/** Collects the errors that RxJS reports because nobody listened for them, while `work` runs and shortly after. */
export async function unhandledErrors(work: () => void | Promise<void>): Promise<unknown[]> {
  const { config } = await import('rxjs');
  const before = config.onUnhandledError;
  const found: unknown[] = [];
  config.onUnhandledError = (error: unknown) => found.push(error);
  try {
    await work();
    await settle();
  } finally {
    config.onUnhandledError = before;
  }
  return found;
}

/** Stands for a value of a type, in checks of types that are compiled and never run. */
export function typeOnly<T>(): T {
  return undefined as T;
}
