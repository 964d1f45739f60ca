import type { KernelAttributes, KernelName, TypedArray } from '../kernels';
import type { Storage } from './device';
import type { Tensor } from './tensor';

/** A kernel has run. */
export interface KernelEvent {
  /** The op that called it, or the optimizer. */
  readonly op: string;
  readonly kernel: KernelName;
  readonly attributes: KernelAttributes[KernelName];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The name of the backend that ran it: 'cpu' if the backend in use lacks the kernel. */
  readonly ranOn: string;
  /** Milliseconds between the call and its return. */
  readonly wallMs: number;
  /** Milliseconds on the device; NaN where it cannot measure them, or no observer is `timed`. */
  readonly deviceMs: Promise<number>;
}

/** The events between tensors and a device, by kind. */
export interface DeviceEvents {
  readonly kernel: KernelEvent;
  /** A storage was allocated. Its values are undefined until a kernel or a write fills it. */
  readonly allocate: { readonly storage: Storage };
  /** Values were written into a new tensor. */
  readonly write: { readonly op: string; readonly output: Tensor; readonly values: TypedArray };
  /** A read of a tensor's values was started. */
  readonly read: { readonly op: string; readonly input: Tensor; readonly blocks: boolean };
  /** A storage was moved from one backend to another, for all tensors that share it. */
  readonly move: {
    readonly op: string;
    readonly storage: Storage;
    readonly from: string;
    readonly to: string;
  };
  /** An op made a tensor that shares the storage of another: reshape, clone. */
  readonly view: { readonly op: string; readonly input: Tensor; readonly output: Tensor };
  /** A variable takes over another storage: an assignment, or the end of an optimizer's step. */
  readonly swap: { readonly variable: Tensor; readonly before: Storage; readonly after: Storage };
  /** A storage is freed, with the last tensor that used it. */
  readonly free: { readonly storage: Storage };
}

/**
 * A function for each kind of event to observe. It is called right after the event, but before a swap or a free. If it throws, so does the
 * op.
 */
export type DeviceObserver = { readonly [K in keyof DeviceEvents]?: (event: DeviceEvents[K]) => void } & {
  /** Whether kernels are timed on the device, which may make them slower. */
  readonly timed?: boolean;
};

/** The observing functions by kind of event. Code that emits an event checks the list first: without listeners no event is made. */
export const listeners: { readonly [K in keyof DeviceEvents]: ((event: DeviceEvents[K]) => void)[] } = {
  kernel: [],
  allocate: [],
  write: [],
  read: [],
  move: [],
  view: [],
  swap: [],
  free: [],
};
/** The number of timed observers. */
let timing = 0;
let isTelling = false;

/** Whether kernels must be timed on the device. */
export function isTimed(): boolean {
  return timing > 0;
}

/**
 * Calls the functions of an observer at every event from now on.
 *
 * @returns a function that ends this
 */
export function observeDevice({ timed, ...functions }: DeviceObserver): () => void {
  const entries = Object.entries(functions) as [keyof DeviceEvents, never][];
  timing += Number(timed ?? false);
  for (const [kind, listener] of entries) listeners[kind].push(listener);
  return () => {
    timing -= Number(timed ?? false);
    for (const [kind, listener] of entries) listeners[kind].splice(listeners[kind].indexOf(listener), 1);
  };
}

/** Calls `work`, whose events nobody is told. */
export function untold(work: () => void): void {
  const before = isTelling;
  isTelling = true;
  try {
    work();
  } finally {
    isTelling = before;
  }
}

/** Calls all listeners of an event. What a listener does meanwhile (debug mode reads results) emits no events. */
export function tell<K extends keyof DeviceEvents>(kind: K, event: DeviceEvents[K]): void {
  if (isTelling) return;
  isTelling = true;
  try {
    for (const listener of [...listeners[kind]]) listener(event);
  } finally {
    isTelling = false;
  }
}
