import type { Backend } from './backend';
import { isBackend, whyNot, type BackendReport, type Opened } from './backend-report';
import {
  candidates,
  computesRightly,
  isPromise,
  notReady,
  open,
  openNow,
  registrationOf,
  unregister,
  whenGivenUp,
  type Registration,
} from './registered-backends';

/** A backend that has been chosen and is still being opened. */
interface Choice {
  readonly name: string;
  /** The backend that was in use before. It is used again if this one cannot be opened. */
  before: Backend | undefined;
  readonly done: Promise<boolean>;
}

let active: Backend | undefined;
let choice: Choice | null = null;
/** Why the active backend is the default; null where `setBackend` chose it. */
let whyDefault: string | null = null;
/** What the console has said of it. */
let said = '';

/**
 * Removes a backend from the registry and frees all that it holds. Its tensors are lost. Does nothing if the name is not registered.
 * `setBackend('webgl')` or `setBackend('cpu')` opens a backend of the library anew.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * dl.registerBackend('abacus', () => null);
 * console.log(dl.backendReport().unsupported); // { abacus: … }, since it opened none
 * dl.removeBackend('abacus');
 * ```
 */
export function removeBackend(name: string): void {
  const instance = unregister(name)?.instance;
  if (isBackend(instance)) leave(instance);
}

function leave(backend: Backend): void {
  if (backend === active) active = undefined;
  if (choice?.before === backend) choice.before = undefined;
  backend.dispose();
}

whenGivenUp(leave);

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
  const chosen = rightly(name, active);
  // Who does not await it finds the reason in `backendReport`.
  chosen.catch(() => undefined);
  return chosen;
}

/** @throws (rejects) when the backend computes wrongly */
async function rightly(name: string, backend: Backend): Promise<boolean> {
  return (await computesRightly(backend)) || Boolean(supported(name, openNow(registrationOf(name))));
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
      const found = supported(name, await opened);
      if (await rightly(name, found)) chosen = found;
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
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * console.log(dl.getBackend()); // cpu
 * ```
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
  if (said !== why && before.some(({ instance }) => instance !== null)) {
    console.info(`rxtensor: ${why}`);
    said = why;
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
  const unsupported = candidates().flatMap(({ name, instance }) =>
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
  while (!active || !(await computesRightly(active))) {
    if (choice) await choice.done;
    else if (!active) await openFirst();
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
