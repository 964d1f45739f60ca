import { mapContainer } from '../tensor/container';

/** A value with its tensors read: scalars become numbers, others nested arrays; everything else stays as it is. Blocks. */
export function plainValues(value: unknown): unknown {
  return mapContainer(value, (tensor) => tensor.arraySync());
}
