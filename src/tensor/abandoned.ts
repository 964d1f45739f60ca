import type { Storage } from './device';
import type { Tensor } from './tensor';
import { living } from './tensor-count';

/**
 * Frees the storage of tensors that the garbage collector takes. This is a last resort for tensors outside of every scope,
 * which the program should dispose: the collector does not know how much device memory they hold, and may never run.
 */
const registry = new FinalizationRegistry<Storage>((storage) => {
  storage.release();
  living.tensors--;
});

/**
 * Small tensors that are not registered yet. To register a tensor takes longer than an addition, and most are disposed
 * soon. When the list is full, those that are still alive are registered.
 */
const newcomers: Tensor[] = [];
const MOST_NEWCOMERS = 64;
/** Tensors with more elements are registered at once: the list would keep their memory alive. */
const SMALL = 4096;

const observers = new Set<(tensor: Tensor) => void>();

/**
 * Calls `observer` with each tensor that is made outside of every scope from now on, or that no scope owns any more.
 *
 * @returns a function that ends this
 */
export function observeAbandoned(observer: (tensor: Tensor) => void): () => void {
  observers.add(observer);
  return () => void observers.delete(observer);
}

/** Notes that no scope owns the tensor: from now on its storage is freed if the collector takes it. */
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
  // Comes last: if the engine's stack overflows before, the tensor is not listed.
  newcomers.push(tensor);
}

function register(tensor: Tensor): void {
  if (tensor.isRegistered) return;
  registry.register(tensor, tensor.storage, tensor);
  tensor.isRegistered = true;
}

/** Undoes {@link abandon}: the tensor has been disposed, or a scope owns it again. */
export function forget(tensor: Tensor): void {
  if (!tensor.isRegistered) return;
  registry.unregister(tensor);
  tensor.isRegistered = false;
}
