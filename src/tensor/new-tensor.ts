import { sizeOf, type Backend, type DataType, type Shape } from '../kernels';
import { Storage } from './device';
import { listeners, tell } from './device-observers';
import { releaseUnclaimed, scopes } from './scope';
import { Tensor, type Ownership } from './tensor';

/** Makes a tensor with storage of its own. Its values are undefined until a kernel or a write fills it. */
export function newTensor(backend: Backend, shape: Shape, dtype: DataType, ownership?: Ownership): Tensor {
  if (scopes.unclaimed) releaseUnclaimed();
  const storage = Storage.allocate(backend, sizeOf(shape), dtype);
  // If the engine's stack runs over before the tensor exists, the next scope finds the storage here and frees it.
  scopes.unclaimed = storage;
  if (listeners.allocate.length > 0) tell('allocate', { storage });
  const tensor = new Tensor(storage, shape, dtype, ownership);
  scopes.unclaimed = null;
  return tensor;
}
