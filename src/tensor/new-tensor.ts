import { sizeOf, type Backend, type DataType, type Shape } from '../kernels';
import { Storage } from './device';
import { listeners, tell } from './device-observers';
import { releaseUnclaimed, scopes } from './scope';
import { Tensor, type Ownership } from './tensor';

/** A tensor with storage of its own, whose values are undefined. */
export function newTensor(backend: Backend, shape: Shape, dtype: DataType, ownership?: Ownership): Tensor {
  if (scopes.unclaimed) releaseUnclaimed();
  const storage = Storage.allocate(backend, sizeOf(shape), dtype);
  // By assignments: where the engine's stack runs over in between, the storage is still to be found.
  scopes.unclaimed = storage;
  if (listeners.allocate.length > 0) tell('allocate', { storage });
  const tensor = new Tensor(storage, shape, dtype, ownership);
  scopes.unclaimed = null;
  return tensor;
}
