import { forEachTensor } from '../tensor/container';
import { isDebugMode, warn } from '../tensor/debug';
import { handOver } from '../tensor/detached';
import type { Tensor } from '../tensor/tensor';
import { Variable } from '../tensor/variable';

/** True for a tensor that was made outside of every scope, and that nobody said to keep. */
function isUnowned(tensor: Tensor): boolean {
  return !tensor.isScoped && !tensor.isKept && !(tensor instanceof Variable);
}

/** In debug mode, warns of tensors that come from outside of every emission: nobody frees them. */
export function warnOfUnowned(operator: string, value: unknown): void {
  if (!isDebugMode()) return;
  forEachTensor(value, (tensor) => {
    if (!isUnowned(tensor)) return;
    warn(
      `a tensor of shape [${tensor.shape.join(',')}] that belongs to no emission reached ${operator}: nobody frees it. Put scoped() ` +
        'right after the source, or keep() the tensor and dispose it yourself',
    );
  });
}

/** Makes the open emission the owner of what an asynchronous iterator made between two emissions. */
export function adoptUnowned(value: unknown): void {
  forEachTensor(value, (tensor) => {
    if (!tensor.isDisposed && isUnowned(tensor)) handOver(tensor);
  });
}
