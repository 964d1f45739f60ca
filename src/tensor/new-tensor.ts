import { sizeOf, type Backend, type DataType, type Shape } from '../kernels';
import { Storage } from './device';
import { listeners, tell } from './device-observers';
import { Tensor, type Ownership } from './tensor';

/** The storage of a tensor that could not be made, because the engine's stack overflowed. */
let unclaimed: Storage | null = null;

/** Makes a tensor with new storage. Its values are undefined until a kernel or a write fills it. */
export function newTensor(backend: Backend, shape: Shape, dtype: DataType, ownership?: Ownership): Tensor {
  if (unclaimed) releaseUnclaimed();
  const storage = Storage.allocate(backend, sizeOf(shape), dtype);
  try {
    if (listeners.allocate.length > 0) tell('allocate', { storage });
    return new Tensor(storage, shape, dtype, ownership);
  } catch (error) {
    // Only an assignment: there may be no stack left for a call.
    unclaimed = storage;
    throw error;
  }
}

/** Frees the storage of a tensor that could not be made. */
export function releaseUnclaimed(): void {
  unclaimed?.release();
  unclaimed = null;
}
