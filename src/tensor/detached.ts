import { forget } from './abandoned';
import { adopt } from './extent';
import { mapContainer } from './container';
import { Tensor } from './tensor';

/** Makes a constant that shares the tensor's storage. No scope frees it: the caller disposes it. */
export function detached<T extends Tensor>(tensor: T): T {
  return new Tensor(tensor.storage, tensor.shape, tensor.dtype, 'manual', true) as T;
}

/**
 * Copies a container with {@link detached} tensors in place of its own. If a getter in the container throws, those made so far are freed.
 *
 * @param note called with each detached tensor
 * @param made the list to which each is added as soon as it exists
 */
export function detachedContainer<T>(container: T, note?: (tensor: Tensor) => void, made: Tensor[] = []): T {
  try {
    return mapContainer(container, (tensor) => {
      const handle = detached(tensor);
      // Assigned, not pushed: a call may fail by a stack overflow, and the handle would be lost.
      made[made.length] = handle;
      note?.(handle);
      return handle;
    });
  } catch (error) {
    for (const each of made) each.dispose();
    throw error;
  }
}

/** Makes the innermost scope the owner of a detached tensor. */
export function handOver(tensor: Tensor): void {
  forget(tensor);
  adopt(tensor);
}
