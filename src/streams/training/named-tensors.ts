import type { NamedTensorMap } from '../../tensor/gradients';
import type { Tensor } from '../../tensor/tensor';

/** As an array's `map`, over tensors by name. */
export function mapNamed(
  tensors: NamedTensorMap,
  project: (tensor: Tensor, name: string) => Tensor,
): NamedTensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, project(tensor, name)]));
}
