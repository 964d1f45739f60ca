import { forget } from './abandoned';
import { adopt } from './extent';
import { mapContainer } from './container';
import { Tensor } from './tensor';

/** A handle on the same values that is a constant and that no scope frees: whoever asks for it disposes it. */
export function detached<T extends Tensor>(tensor: T): T {
  return new Tensor(tensor.storage, tensor.shape, tensor.dtype, 'manual', true) as T;
}

/**
 * A container whose tensors are all {@link detached}; none is left where a getter in it throws.
 *
 * @param note sees each of them
 * @param made where they are listed, each as soon as it is there
 */
export function detachedContainer<T>(container: T, note?: (tensor: Tensor) => void, made: Tensor[] = []): T {
  try {
    return mapContainer(container, (tensor) => {
      const handle = detached(tensor);
      // An assignment: should the engine's stack run over, a call may fail, and the handle be lost.
      made[made.length] = handle;
      note?.(handle);
      return handle;
    });
  } catch (error) {
    for (const each of made) each.dispose();
    throw error;
  }
}

/** Makes the innermost scope the owner of a tensor that was detached. */
export function handOver(tensor: Tensor): void {
  forget(tensor);
  adopt(tensor);
}
