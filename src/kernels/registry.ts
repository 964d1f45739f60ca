import type { Backend } from './backend';
import { perhapsCopies } from './copies';

interface Registration {
  readonly create: () => Backend | null;
  readonly priority: number;
  /** undefined: not tried yet; null: refused by this machine. */
  instance: Backend | null | undefined;
}

const registrations = new Map<string, Registration>();
let active: Backend | undefined;

/**
 * Makes a backend known under a name.
 *
 * @param create makes it, or returns null where this machine does not support it; called once, when first needed
 * @param priority of all supported backends the one with the highest is the default
 * @throws when the name is taken
 */
export function registerBackend(
  name: string,
  create: () => Backend | null,
  priority: number | null = 1,
): void {
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
  registrations.set(name, { create, priority: priority ?? 1, instance: undefined });
}

/** Forgets a backend and gives back what it holds. Tensors that live on it are lost. */
export function removeBackend(name: string): void {
  const registration = registrations.get(name);
  if (!registration) return;
  if (registration.instance && registration.instance === active) active = undefined;
  registration.instance?.dispose();
  registrations.delete(name);
}

function instantiate(registration: Registration): Backend | null {
  registration.instance ??= registration.instance === null ? null : registration.create();
  return registration.instance;
}

/** Whether a backend of that name has been used: its options are settled then. */
export function isBackendOpen(name: string): boolean {
  return Boolean(registrations.get(name)?.instance);
}

/** The backend of that name, or null where this machine does not support it. */
export function findBackend(name: string): Backend | null {
  const registration = registrations.get(name);
  if (!registration) {
    const known = [...registrations.keys()].map((key) => `'${key}'`).join(', ');
    throw new Error(
      `setBackend: argument 'name' is '${name}'; wanted one of ${known || 'none'}${perhapsCopies()}`,
    );
  }
  return instantiate(registration);
}

/**
 * Chooses the backend on which tensors are made and ops run from now on. Tensors made on another one move when they
 * are next used.
 *
 * @throws when no backend of that name is registered, or this machine does not support it
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.setBackend('cpu');
 * console.log(dl.getBackend()); // cpu
 * ```
 */
export function setBackend(name: string): void {
  const backend = findBackend(name);
  if (!backend) {
    throw new Error(
      `setBackend: argument 'name' is '${name}'; wanted a registered backend that this machine supports`,
    );
  }
  active = backend;
}

/** The name of the backend in use: 'webgl' by default where it is supported, else 'cpu'. */
export function getBackend(): string {
  return activeBackend().name;
}

/** The backend in use. */
export function activeBackend(): Backend {
  return active ?? chooseDefault();
}

function chooseDefault(): Backend {
  const candidates = [...registrations.values()].sort((a, b) => b.priority - a.priority);
  for (const candidate of candidates) {
    const backend = instantiate(candidate);
    if (backend) return (active = backend);
  }
  throw new Error('no backend is supported on this machine');
}
