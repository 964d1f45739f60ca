import type { NamedTensorMap } from '../../tensor/gradients';
import type { Tensor } from '../../tensor/tensor';

/** Applies a function to each named tensor, like `map` of an array. */
export function mapNamed(
  tensors: NamedTensorMap,
  project: (tensor: Tensor, name: string) => Tensor,
): NamedTensorMap {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, project(tensor, name)]));
}
