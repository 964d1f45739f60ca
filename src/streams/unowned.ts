import { forEachTensor } from '../tensor/container';
import { isDebugMode, warn } from '../tensor/debug';
import { handOver } from '../tensor/detached';
import type { Tensor } from '../tensor/tensor';
import { Variable } from '../tensor/variable';

/** True for a living tensor that was made outside of every scope, and that nobody said to keep. */
function isUnowned(tensor: Tensor): boolean {
  return !tensor.isDisposed && !tensor.isScoped && !tensor.isKept && !(tensor instanceof Variable);
}

function forEachUnowned(value: unknown, visit: (tensor: Tensor) => void): void {
  forEachTensor(value, (tensor) => {
    if (isUnowned(tensor)) visit(tensor);
  });
}

/** In debug mode, warns of tensors that come from outside of every emission: nobody frees them. */
export function warnOfUnowned(operator: string, value: unknown): void {
  if (!isDebugMode()) return;
  forEachUnowned(value, (tensor) => {
    warn(
      `a tensor of shape [${tensor.shape.join(',')}] that belongs to no emission reached ${operator}: nobody frees it. Put scoped() ` +
        'right after the source, or keep() the tensor and dispose it yourself',
    );
  });
}

/** Makes the open emission the owner of what an iterator made outside of every emission. */
export function adoptUnowned(value: unknown): void {
  forEachUnowned(value, handOver);
}

/** Frees what an iterator made for nobody. */
export function disposeUnowned(value: unknown): void {
  forEachUnowned(value, (tensor) => tensor.dispose());
}
