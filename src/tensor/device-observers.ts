import type { KernelAttributes, KernelName, TypedArray } from '../kernels';
import type { Storage } from './device';
import type { Tensor } from './tensor';

/** A kernel has run. */
export interface KernelEvent {
  /** The op that called it; of an optimizer's update, the optimizer. */
  readonly op: string;
  readonly kernel: KernelName;
  readonly attributes: KernelAttributes[KernelName];
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** The name of the backend that ran it: the CPU's where the backend in use lacks the kernel. */
  readonly ranOn: string;
  /** Milliseconds between the call and its return. */
  readonly wallMs: number;
  /** Milliseconds on the device; NaN where it cannot tell, or no observer has asked for it. */
  readonly deviceMs: Promise<number>;
}

/** All that happens between tensors and a device, by kind. */
export interface DeviceEvents {
  readonly kernel: KernelEvent;
  /** A storage was allocated. Its values are undefined until a kernel or a write fills it. */
  readonly allocate: { readonly storage: Storage };
  /** Values were written into a new tensor. */
  readonly write: { readonly op: string; readonly output: Tensor; readonly values: TypedArray };
  /** The values of a tensor were asked for. */
  readonly read: { readonly op: string; readonly input: Tensor; readonly blocks: boolean };
  /** A storage went over from one backend to another, for all tensors that share it. */
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

/** Sees what passes through the door to the device, as soon as it has happened; a swap or a free just before. An error that it throws is the op's. */
export type DeviceObserver = { readonly [K in keyof DeviceEvents]?: (event: DeviceEvents[K]) => void } & {
  /** Whether it wants to know how long kernels take on the device, which may make them slower. */
  readonly timed?: boolean;
};

/**
 * Those who observe now, by kind of event. Who has an event to tell looks here first: where nobody listens to its kind the event is
 * not even made.
 */
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
/** How many of them want to know how long kernels take on the device. */
let timing = 0;
let isTelling = false;

/** Whether someone wants to know how long kernels take on the device. */
export function isTimed(): boolean {
  return timing > 0;
}

/** From now on `observer` is told of every event that it has a function for, until the function that this returns is called. */
export function observeDevice({ timed, ...functions }: DeviceObserver): () => void {
  const entries = Object.entries(functions) as [keyof DeviceEvents, never][];
  timing += Number(timed ?? false);
  for (const [kind, listener] of entries) listeners[kind].push(listener);
  return () => {
    timing -= Number(timed ?? false);
    for (const [kind, listener] of entries) listeners[kind].splice(listeners[kind].indexOf(listener), 1);
  };
}

/** Tells all who listen of an event. What one of them does meanwhile (debug mode reads results) is no event. */
export function tell<K extends keyof DeviceEvents>(kind: K, event: DeviceEvents[K]): void {
  if (isTelling) return;
  isTelling = true;
  try {
    for (const listener of [...listeners[kind]]) listener(event);
  } finally {
    isTelling = false;
  }
}
