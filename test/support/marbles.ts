/** Help for specs of streams: exact marble diagrams over tensors, promises settled by hand, and a device whose end of work is. */
import { map, type OperatorFunction } from 'rxjs';
import type { Backend } from '../../src/kernels';
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

/** `mark` of the devices that a spec has in its hands. */
const ownMarks = new WeakMap<Backend, () => Promise<void>>();

/**
 * Lets the event loop go round, so that all that can happen by itself has happened. Each turn begins when the device has done what it was
 * asked for before: a read on WebGL takes as long as it takes, which a number of turns says nothing about.
 */
export async function settle(turns = 5): Promise<void> {
  for (let i = 0; i < turns; i++) {
    const device = backend();
    await (ownMarks.get(device)?.() ?? device.mark());
    await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Longer than a slow machine takes, and shorter than a spec may. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Waits for an event that depends on more than turns of the event loop: on a file, a timer, a thread.
 *
 * @throws when it has not come after half a minute
 */
export async function until(hasCome: () => boolean): Promise<void> {
  const limit = performance.now() + LONGEST_WAIT_MS;
  while (!hasCome()) {
    if (performance.now() > limit) throw new Error(`what was waited for has not come: ${String(hasCome)}`);
    await settle(1);
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
  ownMarks.set(device, device.mark.bind(device));
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
      ownMarks.delete(device);
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
