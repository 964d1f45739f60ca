/** For specs of streams: exact marble diagrams over tensors, promises settled by hand, and a device whose work ends by hand. */
import { map, type OperatorFunction } from 'rxjs';
import type { Backend } from '../../src/kernels';
import { backend } from '../../src/tensor/backend';
import { plainValues } from '../../src/testing/plain-values';
import { tensorMarbles, type TensorMarbles } from '../../src/testing/tensor-marbles';

/** As `tensorMarbles`, but exact, and counted by Jasmine as an expectation. */
export function marbles(work: (helpers: TensorMarbles) => void): void {
  tensorMarbles(work, { tolerance: 0 });
  expect().nothing();
}

export { plainValues as plain } from '../../src/testing/plain-values';

/** An operator that reads tensors, as `plainValues` does. */
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
 * Waits some turns of the event loop, so that all pending callbacks have run. Each turn begins when the device has done all that was
 * asked of it before, since a read on WebGL takes longer than a turn.
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
export async function until(hasCome: () => boolean | Promise<boolean>): Promise<void> {
  const limit = performance.now() + LONGEST_WAIT_MS;
  while (!(await hasCome())) {
    if (performance.now() > limit) throw new Error(`what was waited for has not come: ${String(hasCome)}`);
    await settle(1);
  }
}

/** Controls a device that looks busy. */
export interface BusyDevice {
  /** Counts a piece of work as submitted. */
  readonly submit: () => void;
  /** A promise for each call of `mark`, in order, to resolve by hand. */
  readonly marks: Deferred[];
  readonly restore: () => void;
}

/** Replaces `mark` and `submissions` of the backend in use by ones that the spec controls, until it restores them. */
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

/** Collects the unhandled errors that RxJS reports while `work` runs and shortly after. */
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

/** A value of type T, for type checks that are compiled but never run. */
export function typeOnly<T>(): T {
  return undefined as T;
}
