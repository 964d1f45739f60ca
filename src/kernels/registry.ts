import type { Backend } from './backend';
import { isBackend, whyNot, type BackendReport, type Opened } from './backend-report';
import { perhapsCopies } from './copies';
import { completed } from './cpu-in-place';

/** Returns a backend, or why this machine does not support it (null if there is nothing to say); or a promise of either. */
export type BackendFactory = () => Backend | string | null | Promise<Backend | string | null>;

interface Registration {
  readonly name: string;
  readonly create: BackendFactory;
  readonly priority: number;
  /** undefined: not created yet. */
  instance: Opened | undefined;
  /** The promise of a backend that is being created. */
  opening: Promise<Opened> | null;
}

/** A backend that has been chosen and is still being opened. */
interface Choice {
  readonly name: string;
  /** The backend that was in use before. It is used again if this one cannot be opened. */
  before: Backend | undefined;
  readonly done: Promise<boolean>;
}

const registrations = new Map<string, Registration>();
/** The backends of the library. They are known again after they were removed. */
const own = new Map<string, () => void>();
let active: Backend | undefined;
let choice: Choice | null = null;
/** Why the active backend is the default; null where `setBackend` chose it. */
let whyDefault: string | null = null;
/** Whether the console has said so. */
let isSaid = false;

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
  own.set(name, register);
  register();
}

/**
 * Removes a backend from the registry and frees all that it holds. Its tensors are lost. Does nothing if the name is not registered.
 * `setBackend('webgl')` or `setBackend('cpu')` opens a backend of the library anew.
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
  if (!isBackend(instance)) return;
  if (instance === active) active = undefined;
  if (choice?.before === instance) choice.before = undefined;
  instance.dispose();
}

function isPromise(created: Opened | Promise<Opened>): created is Promise<Opened> {
  return Boolean((created as Partial<Promise<Opened>> | null)?.then);
}

function open(registration: Registration): Opened | Promise<Opened> {
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
  return opened;
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

function registrationOf(name: string): Registration {
  if (!registrations.has(name)) own.get(name)?.();
  const registration = registrations.get(name);
  if (registration) return registration;
  const known = [...registrations.keys()].map((key) => `'${key}'`).join(', ');
  throw new Error(
    `setBackend: argument 'name' is '${name}'; wanted one of ${known || 'none'}${perhapsCopies()}`,
  );
}

/** @throws when the backend is still being opened */
function openNow(registration: Registration): Opened {
  const opened = open(registration);
  if (!isPromise(opened)) return opened;
  opened.catch(() => undefined); // `ready` rejects with it
  throw notReady(registration.name);
}

function notReady(name: string): Error {
  return new Error(
    `the backend '${name}' is still being opened; wanted 'await ready()' before the first tensor, or 'await setBackend('${name}')'`,
  );
}

/** The backend of that name, or null where this machine does not support it. */
export function findBackend(name: string): Backend | null {
  const opened = openNow(registrationOf(name));
  return isBackend(opened) ? opened : null;
}

/**
 * Chooses the backend on which tensors are made and ops run from now on. Tensors on another backend move when they are
 * next used. If the backend has lost its device (see {@link ContextLostError}), it is opened anew, without what it held.
 *
 * A backend whose factory is synchronous, as those of the library, is in use when this returns: nothing need be awaited. A backend that
 * is opened asynchronously is in use when the promise resolves; making a tensor before that throws.
 *
 * @returns a promise of true, or of false if a later call chose a backend before this one was open
 * @throws when no backend of that name is registered, or this machine does not support it. If it is opened asynchronously, the promise
 *   rejects instead, and the previous backend is used again
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.setBackend('cpu');
 * console.log(dl.getBackend()); // cpu
 * ```
 */
export function setBackend(name: string): PromiseLike<boolean> {
  const opened = open(registrationOf(name));
  if (isPromise(opened)) return choose(name, opened);
  active = supported(name, opened);
  choice = null;
  whyDefault = null;
  return Promise.resolve(true);
}

/** Calls `work` while the backend of that name is in use, and then the one before it again. @throws as {@link setBackend} */
export function onBackend(name: string, work: () => void): void {
  const before = active;
  const chosen = supported(name, openNow(registrationOf(name)));
  active = chosen;
  try {
    work();
  } finally {
    // Unless `work` has chosen another one.
    if (active === chosen) active = before;
  }
}

function choose(name: string, opened: Promise<Opened>): Promise<boolean> {
  const choosing = async (): Promise<boolean> => {
    let chosen = mine.before;
    try {
      chosen = supported(name, await opened);
    } finally {
      if (choice === mine) {
        active = chosen ?? mine.before;
        if (chosen !== mine.before) whyDefault = null;
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

function supported(name: string, opened: Opened): Backend {
  if (isBackend(opened)) return opened;
  throw new Error(
    `setBackend: argument 'name' is '${name}'; wanted a registered backend that this machine supports` +
      (opened === null ? '' : ` (${opened})`),
  );
}

/**
 * The name of the backend in use: 'webgl' by default where it is supported and a GPU renders, else 'cpu'; see {@link backendReport}.
 *
 * @throws while a backend is being opened; see {@link ready}
 */
export function getBackend(): string {
  return activeBackend().name;
}

/**
 * The backend in use; the first call chooses the default.
 *
 * @throws while a backend is being opened
 */
export function activeBackend(): Backend {
  return active ?? chooseDefault();
}

function candidates(): Registration[] {
  return [...registrations.values()].sort((a, b) => b.priority - a.priority);
}

function chooseDefault(): Backend {
  if (choice) throw notReady(choice.name);
  candidates().find((candidate) => isPreferable(openNow(candidate)));
  return takeDefault();
}

function isPreferable(opened: Opened | undefined): boolean {
  return isBackend(opened) && !opened.device?.caveat;
}

/** Takes the first by priority of the backends that are open: one with a caveat only where all have one. */
function takeDefault(): Backend {
  const all = candidates();
  const isOpen = ({ instance }: Registration): boolean => isBackend(instance);
  const chosen = all.find(({ instance }) => isPreferable(instance)) ?? all.find(isOpen);
  if (!chosen) throw new Error('no backend is supported on this machine');
  const before = all.slice(0, all.indexOf(chosen));
  const others = before.map(({ name, instance }) => `'${name}' is not, since ${whyNot(instance!)}`);
  const why = [`'${chosen.name}' is the default here`, ...others].join('; ');
  if (!isSaid && before.some(({ instance }) => instance !== null)) {
    console.info(`rxtensor: ${why}`);
    isSaid = true;
  }
  whyDefault = why;
  return (active = chosen.instance as Backend);
}

/**
 * Tells which backend is in use, on which device, and why. Where no backend has been chosen, it chooses the default.
 *
 * @throws while a backend is being opened
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const { backend, device, reason } = dl.backendReport();
 * console.log(`${backend} (${device}): ${reason}`);
 * ```
 */
export function backendReport(): BackendReport {
  const { name, device } = activeBackend();
  const unsupported = [...registrations.values()].flatMap(({ name, instance }) =>
    instance === undefined || isBackend(instance) ? [] : [[name, whyNot(instance)] as const],
  );
  const caveat = device?.caveat ? `, although ${device.caveat}` : '';
  return {
    backend: name,
    reason: whyDefault ?? `setBackend('${name}') chose it${caveat}`,
    device: device?.name ?? '',
    floatPrecision: device?.floatPrecision ?? 32,
    unsupported: Object.fromEntries(unsupported),
  };
}

/**
 * Resolves when a backend is in use: the chosen one, or else the default. Await it before the first tensor if a backend is opened
 * asynchronously; the backends of the library are ready at once.
 *
 * @throws (rejects) when the backend cannot be opened
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

/** Opens the backends in order of priority until this machine supports one. */
async function openFirst(): Promise<void> {
  for (const candidate of candidates()) {
    const opened = await open(candidate);
    if (active || choice) return;
    if (isPreferable(opened)) break;
  }
  takeDefault();
}
