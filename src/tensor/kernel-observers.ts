import type { Backend, KernelAttributes, KernelName } from '../kernels';
import type { Tensor } from './tensor';

/** A kernel that has run. */
export interface KernelEvent {
  readonly op: string;
  readonly kernel: KernelName;
  readonly inputs: readonly Tensor[];
  readonly outputs: readonly Tensor[];
  /** Milliseconds between the call and its return. */
  readonly wallMs: number;
  /** Milliseconds on the device; NaN where it cannot tell, or no observer has asked for it. */
  readonly deviceMs: Promise<number>;
}

/** Sees every kernel as it has run: for profiles and debug mode. An error that it throws is the op's. */
export type KernelObserver = (event: KernelEvent) => void;

const observers = new Map<KernelObserver, { readonly timed: boolean }>();

/**
 * From now on `observer` is called after each kernel, until the function that this returns is called.
 *
 * @param timed whether it wants to know how long the device takes, which may make kernels slower
 */
export function observeKernels(observer: KernelObserver, { timed = false } = {}): () => void {
  observers.set(observer, { timed });
  return () => void observers.delete(observer);
}

/** Runs a kernel, and tells the observers of it. */
export function runObserved<K extends KernelName>(
  op: string,
  backend: Backend,
  kernel: K,
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  attributes: KernelAttributes[K],
): void {
  if (observers.size === 0) {
    backend.run(kernel, inputs, outputs, attributes);
    return;
  }
  const start = performance.now();
  let deviceMs = Promise.resolve(NaN);
  if ([...observers.values()].some(({ timed }) => timed)) {
    // A backend may pass an error on as a rejection; an op throws.
    const failures: unknown[] = [];
    const timing = backend.time(() => {
      try {
        backend.run(kernel, inputs, outputs, attributes);
      } catch (error) {
        failures.push(error);
      }
    });
    if (failures.length > 0) throw failures[0];
    deviceMs = timing.then(({ kernelMs }) => kernelMs);
  } else {
    backend.run(kernel, inputs, outputs, attributes);
  }
  const wallMs = performance.now() - start;
  for (const observer of [...observers.keys()]) observer({ op, kernel, inputs, outputs, wallMs, deviceMs });
}
