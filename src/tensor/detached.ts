import { forget } from './abandoned';
import { mapContainer } from './container';
import { adopt } from './scope';
import { Tensor } from './tensor';

/** A handle on the same values that is a constant and that no scope frees: whoever asks for it disposes it. */
export function detached<T extends Tensor>(tensor: T): T {
  return new Tensor(tensor.storage.retain(), tensor.shape, tensor.dtype, 'manual') as T;
}

/** A container whose tensors are all {@link detached}. */
export function detachedContainer<T>(container: T): T {
  return mapContainer(container, (tensor) => detached(tensor));
}

/** Makes the innermost scope the owner of a tensor that was detached. */
export function handOver(tensor: Tensor): void {
  forget(tensor);
  adopt(tensor);
}
