import { isBackend, type Opened } from './backend-report';
import type { Backend } from './backend';
import { perhapsCopies } from './copies';
import { completed } from './cpu-in-place';

/** Returns a backend, or why this machine does not support it (null if there is nothing to say); or a promise of either. */
export type BackendFactory = () => Backend | string | null | Promise<Backend | string | null>;

/** A backend that is known by its name. */
export interface Registration {
  readonly name: string;
  readonly create: BackendFactory;
  readonly priority: number;
  /** undefined: not created yet. */
  instance: Opened | undefined;
  /** The promise of a backend that is being created. */
  opening: Promise<Opened> | null;
}

const registrations = new Map<string, Registration>();
/** Registers a backend of the library, which is known again after it was removed. */
const registerAgain = new Map<string, () => void>();
/** The checks of the open backends that have one. */
const checks = new WeakMap<Backend, Promise<boolean>>();
let giveUp = (backend: Backend): void => backend.dispose();

/** Says what else must happen when a backend is given up: a module above knows which backend is in use. */
export function whenGivenUp(leave: (backend: Backend) => void): void {
  giveUp = leave;
}

/**
 * Registers a backend under a name. Kernels that it lacks (see {@link Backend.has}) run on the CPU.
 *
 * @param create returns the backend, or a text that says why this machine does not support it, or null; called once, when the backend is
 *   first needed. If it returns a promise, the program must `await ready()` or `await setBackend(name)` before it makes its first tensor
 * @param priority the supported backend with the highest priority is the default, unless its device has a caveat; 1 if left out
 * @throws when the name is taken, or an argument has another type
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.setBackend('cpu');
 * const cpu = dl.backend();
 * // A device that computes as the CPU does, and takes a moment to open.
 * dl.registerBackend('mine', () => new Promise((resolve) => setTimeout(() => resolve(cpu))), 0);
 * await dl.setBackend('mine');
 * dl.tidy(() => dl.ones([2]).print());
 * dl.setBackend('cpu');
 * ```
 */
export function registerBackend(name: string, create: BackendFactory, priority: number | null = 1): void {
  if (typeof name !== 'string' || registrations.has(name)) {
    throw new Error(
      `registerBackend: argument 'name' is '${name}'; wanted a string that is not registered already`,
    );
  }
  if (typeof create !== 'function') {
    throw new Error(`registerBackend: argument 'create' is ${String(create)}; wanted a function`);
  }
  if (priority !== null && typeof priority !== 'number') {
    throw new Error(`registerBackend: argument 'priority' is ${String(priority)}; wanted a number`);
  }
  registrations.set(name, { name, create, priority: priority ?? 1, instance: undefined, opening: null });
}

/** Registers a backend of the library. */
export function registerOwnBackend(name: string, create: BackendFactory, priority: number): void {
  const register = (): void => registerBackend(name, create, priority);
  registerAgain.set(name, register);
  register();
}

/** Forgets a backend. Returns its registration; undefined if it is not known. */
export function unregister(name: string): Registration | undefined {
  const registration = registrations.get(name);
  registrations.delete(name);
  return registration;
}

export function isPromise(created: Opened | Promise<Opened>): created is Promise<Opened> {
  return Boolean((created as Partial<Promise<Opened>> | null)?.then);
}

export function open(registration: Registration): Opened | Promise<Opened> {
  const { instance } = registration;
  if (instance !== undefined && !(isBackend(instance) && instance.isLost?.())) return instance;
  if (registration.opening) return registration.opening;
  const created = registration.create();
  if (!isPromise(created)) return remember(registration, complete(created));
  return (registration.opening = settled(registration, created));
}

/** Remembers an instance. Where one was lost, a device that is missing now may come back: the next call tries again. */
function remember(registration: Registration, opened: Opened): Opened {
  if (isBackend(opened) || !isBackend(registration.instance)) registration.instance = opened;
  if (isBackend(opened) && opened.check) checks.set(opened, checked(registration, opened));
  return opened;
}

/** Resolves to whether a backend computes rightly. Gives it up if not: its tensors are lost. */
async function checked(registration: Registration, opened: Backend): Promise<boolean> {
  const wrong = await opened.check!();
  if (wrong === null) return true;
  registration.instance = wrong;
  console.warn(`rxtensor: the backend '${opened.name}' is not used any more: ${wrong}`);
  giveUp(opened);
  return false;
}

/** Resolves to whether a backend computes rightly, as soon as that is known. */
export function computesRightly(opened: Backend): boolean | Promise<boolean> {
  return checks.get(opened) ?? true;
}

async function settled(registration: Registration, created: Promise<Opened>): Promise<Opened> {
  try {
    const opened = complete(await created);
    if (registrations.get(registration.name) === registration) return remember(registration, opened);
    // removeBackend was called while it was being created.
    if (isBackend(opened)) opened.dispose();
    return null;
  } finally {
    registration.opening = null;
  }
}

function complete(opened: Opened): Opened {
  return isBackend(opened) ? completed(opened, () => findBackend('cpu')!) : opened;
}

/** Whether the backend of that name has been created, or is being created. Its options can no longer change then. */
export function isBackendOpen(name: string): boolean {
  const registration = registrations.get(name);
  return isBackend(registration?.instance) || Boolean(registration?.opening);
}

export function registrationOf(name: string): Registration {
  if (!registrations.has(name)) registerAgain.get(name)?.();
  const registration = registrations.get(name);
  if (registration) return registration;
  const known = [...registrations.keys()].map((key) => `'${key}'`).join(', ');
  throw new Error(
    `setBackend: argument 'name' is '${name}'; wanted one of ${known || 'none'}${perhapsCopies()}`,
  );
}

/** @throws when the backend is still being opened */
export function openNow(registration: Registration): Opened {
  const opened = open(registration);
  if (!isPromise(opened)) return opened;
  opened.catch(() => undefined); // `ready` rejects with it
  throw notReady(registration.name);
}

export function notReady(name: string): Error {
  return new Error(
    `the backend '${name}' is still being opened; wanted 'await ready()' before the first tensor, or 'await setBackend('${name}')'`,
  );
}

/** The backend of that name, or null where this machine does not support it. */
export function findBackend(name: string): Backend | null {
  const opened = openNow(registrationOf(name));
  return isBackend(opened) ? opened : null;
}

/** The registered backends by priority, the highest first. */
export function candidates(): Registration[] {
  return [...registrations.values()].sort((a, b) => b.priority - a.priority);
}
