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
  /** A variable took over another storage: an assignment, or the end of an optimizer's step. */
  readonly swap: { readonly variable: Tensor; readonly before: Storage; readonly after: Storage };
  /** A storage was freed, with the last tensor that used it. */
  readonly free: { readonly storage: Storage };
}

/** Sees what passes through the door to the device, as soon as it has happened. An error that it throws is the op's. */
export interface DeviceObserver extends Listeners {
  /** Whether it wants to know how long kernels take on the device, which may make them slower. */
  readonly timed?: boolean;
}

type Listeners = { readonly [K in keyof DeviceEvents]?: (event: DeviceEvents[K]) => void };

/** Those who observe now. Who has an event to tell asks first whether there is anyone: the event costs nothing otherwise. */
export const observers = new Set<DeviceObserver>();
let isTelling = false;

/** From now on `observer` is told of every event that it has a function for, until the function that this returns is called. */
export function observeDevice(observer: DeviceObserver): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

/** Tells all observers of an event. What an observer does meanwhile (debug mode reads results) is no event. */
export function tell<K extends keyof DeviceEvents>(kind: K, event: DeviceEvents[K]): void {
  if (isTelling) return;
  isTelling = true;
  try {
    for (const observer of [...observers] as Listeners[]) observer[kind]?.(event);
  } finally {
    isTelling = false;
  }
}
