import type { Backend } from './backend';
import { perhapsCopies } from './copies';
import { completed } from './cpu-in-place';

/** Makes a backend, at once or later; null where this machine does not support it. */
export type BackendFactory = () => Backend | null | Promise<Backend | null>;

interface Registration {
  readonly name: string;
  readonly create: BackendFactory;
  readonly priority: number;
  /** undefined: not tried yet; null: refused by this machine. */
  instance: Backend | null | undefined;
  /** Settles when a factory that takes its time has made it. */
  opening: Promise<Backend | null> | null;
}

/** A backend that was chosen while it is being opened. */
interface Choice {
  readonly name: string;
  /** The backend that comes back where this one cannot be opened. */
  before: Backend | undefined;
  readonly done: Promise<boolean>;
}

const registrations = new Map<string, Registration>();
let active: Backend | undefined;
let choice: Choice | null = null;

/**
 * Makes a backend known under a name. Kernels that it lacks (see {@link Backend.has}) run on the CPU.
 *
 * @param create makes it, or returns null where this machine does not support it; called once, when first needed. It may return a
 *   promise: then `await ready()`, or `await setBackend(name)`, comes before the first tensor
 * @param priority of all supported backends the one with the highest is the default
 * @throws when the name is taken
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

/**
 * Forgets a backend and gives back what it holds. Tensors that live on it are lost. A name that is not registered is passed over.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.registerBackend('abacus', () => null);
 * dl.removeBackend('abacus');
 * ```
 */
export function removeBackend(name: string): void {
  const registration = registrations.get(name);
  if (!registration) return;
  registrations.delete(name);
  const { instance } = registration;
  if (!instance) return;
  if (instance === active) active = undefined;
  if (choice?.before === instance) choice.before = undefined;
  instance.dispose();
}

function open(registration: Registration): Backend | null | Promise<Backend | null> {
  if (registration.instance !== undefined) return registration.instance;
  if (registration.opening) return registration.opening;
  const created = registration.create();
  if (created === null || !('then' in created)) return (registration.instance = complete(created));
  return (registration.opening = settled(registration, created));
}

async function settled(
  registration: Registration,
  created: Promise<Backend | null>,
): Promise<Backend | null> {
  try {
    const backend = complete(await created);
    if (registrations.get(registration.name) === registration) return (registration.instance = backend);
    // It was removed meanwhile.
    backend?.dispose();
    return null;
  } finally {
    registration.opening = null;
  }
}

function complete(backend: Backend | null): Backend | null {
  return backend && completed(backend, () => findBackend('cpu')!);
}

/** Whether a backend of that name has been used: its options are settled then. */
export function isBackendOpen(name: string): boolean {
  const registration = registrations.get(name);
  return Boolean(registration?.instance ?? registration?.opening);
}

function registrationOf(name: string): Registration {
  const registration = registrations.get(name);
  if (registration) return registration;
  const known = [...registrations.keys()].map((key) => `'${key}'`).join(', ');
  throw new Error(
    `setBackend: argument 'name' is '${name}'; wanted one of ${known || 'none'}${perhapsCopies()}`,
  );
}

/** @throws where the backend is still being opened */
function openNow(registration: Registration): Backend | null {
  const opened = open(registration);
  if (opened === null || !('then' in opened)) return opened;
  opened.catch(() => undefined); // `ready` tells of it
  throw notReady(registration.name);
}

function notReady(name: string): Error {
  return new Error(
    `the backend '${name}' is still being opened; wanted 'await ready()' before the first tensor, or 'await setBackend('${name}')'`,
  );
}

/** The backend of that name, or null where this machine does not support it. */
export function findBackend(name: string): Backend | null {
  return openNow(registrationOf(name));
}

/**
 * Chooses the backend on which tensors are made and ops run from now on. Tensors made on another one move when they
 * are next used.
 *
 * The backends of the library, and all others whose factory is not asynchronous, are in use when this returns: nothing need be
 * awaited. One that takes its time to open is in use when the promise resolves; until then, to make a tensor is an error.
 *
 * @returns a promise of true; of false where another backend was chosen before this one was open
 * @throws when no backend of that name is registered, or this machine does not support it (one that is opened asynchronously rejects the
 *   promise, and the backend before stays in use)
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.setBackend('cpu');
 * console.log(dl.getBackend()); // cpu
 * ```
 */
export function setBackend(name: string): PromiseLike<boolean> {
  const opened = open(registrationOf(name));
  if (opened !== null && 'then' in opened) return choose(name, opened);
  active = supported(name, opened);
  choice = null;
  return Promise.resolve(true);
}

function choose(name: string, opened: Promise<Backend | null>): Promise<boolean> {
  const choosing = async (): Promise<boolean> => {
    let chosen = mine.before;
    try {
      chosen = supported(name, await opened);
    } finally {
      if (choice === mine) {
        active = chosen ?? mine.before;
        choice = null;
      }
    }
    return active === chosen;
  };
  const before = active ?? choice?.before;
  const mine: Choice = { name, before, done: Promise.resolve().then(choosing) };
  choice = mine;
  active = undefined;
  return mine.done;
}

function supported(name: string, backend: Backend | null): Backend {
  if (backend) return backend;
  throw new Error(
    `setBackend: argument 'name' is '${name}'; wanted a registered backend that this machine supports`,
  );
}

/**
 * The name of the backend in use: 'webgl' by default where it is supported, else 'cpu'.
 *
 * @throws while a backend is being opened; see {@link ready}
 */
export function getBackend(): string {
  return activeBackend().name;
}

/** The backend in use. @throws while it is being opened */
export function activeBackend(): Backend {
  return active ?? chooseDefault();
}

function candidates(): Registration[] {
  return [...registrations.values()].sort((a, b) => b.priority - a.priority);
}

function chooseDefault(): Backend {
  if (choice) throw notReady(choice.name);
  for (const candidate of candidates()) {
    const backend = openNow(candidate);
    if (backend) return (active = backend);
  }
  throw new Error('no backend is supported on this machine');
}

/**
 * Resolves when a backend is in use: the one that was chosen, or else the default. To be awaited before the first tensor where a
 * backend is opened asynchronously; those of the library are ready at once.
 *
 * @throws (the promise is rejected) when the backend cannot be opened
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * await dl.ready();
 * console.log(dl.getBackend());
 * ```
 */
export async function ready(): Promise<void> {
  while (!active) {
    if (choice) await choice.done;
    else await openFirst();
  }
}

/** Opens the backends in order of priority, up to the first that this machine supports. */
async function openFirst(): Promise<void> {
  for (const candidate of candidates()) {
    const backend = await open(candidate);
    if (active || choice) return;
    if (backend) {
      active = backend;
      return;
    }
  }
  throw new Error('no backend is supported on this machine');
}
