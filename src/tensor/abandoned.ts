import type { Storage } from './device';
import type { Tensor } from './tensor';
import { living } from './tensor-count';

/**
 * Tensors outside of every scope are freed by hand. As a last resort, storage whose tensor was collected is given
 * back: never relied on, since device memory puts no pressure on the garbage collector.
 */
const registry = new FinalizationRegistry<Storage>((storage) => {
  storage.release();
  living.tensors--;
});

/**
 * Most of these tensors are disposed before long, and to register one costs more than an addition. So the small ones
 * wait here, and when the list is full those that are still alive are registered.
 */
const newcomers: Tensor[] = [];
const MOST_NEWCOMERS = 64;
/** A larger tensor is registered at once: the list would hold on to its memory. */
const SMALL = 4096;

const observers = new Set<(tensor: Tensor) => void>();

/** Tells of each tensor that is made outside of every scope from now on, or that none owns any more; the result ends that. */
export function observeAbandoned(observer: (tensor: Tensor) => void): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

/** No scope owns the tensor from now on. */
export function abandon(tensor: Tensor): void {
  tensor.isScoped = false;
  if (observers.size > 0) for (const observer of observers) observer(tensor);
  if (tensor.size > SMALL) {
    register(tensor);
    return;
  }
  if (newcomers.length === MOST_NEWCOMERS) {
    for (const each of newcomers) if (!each.isDisposed && !each.isScoped) register(each);
    newcomers.length = 0;
  }
  // Last: where the engine's stack runs over before, the tensor is not taken in.
  newcomers.push(tensor);
}

function register(tensor: Tensor): void {
  if (tensor.isRegistered) return;
  registry.register(tensor, tensor.storage, tensor);
  tensor.isRegistered = true;
}

/** The tensor was disposed by hand, or a scope owns it again: nothing is left to give back. */
export function forget(tensor: Tensor): void {
  if (!tensor.isRegistered) return;
  registry.unregister(tensor);
  tensor.isRegistered = false;
}
