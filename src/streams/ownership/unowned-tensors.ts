import { forEachTensor } from '../../tensor/container';
import { isDebugMode, warnOnce } from '../../tensor/debug';
import { handOver } from '../../tensor/detached';
import { currentScope } from '../../tensor/extent';
import type { Tensor } from '../../tensor/tensor';
import { Variable } from '../../tensor/variable';
import { isHeld } from './held-values';

/** True for a living tensor that was made outside of every scope and is not kept. */
function isUnowned(tensor: Tensor): boolean {
  return !tensor.isDisposed && !tensor.isScoped && !tensor.isKept && !(tensor instanceof Variable);
}

function forEachUnowned(value: unknown, visit: (tensor: Tensor) => void): void {
  forEachTensor(value, (tensor) => {
    if (isUnowned(tensor)) visit(tensor);
  });
}

/** The last tensor without an owner that reached each operator, by the operator's name. */
const lastUnowned = new Map<string, WeakRef<Tensor>>();

/**
 * Warns, once for each operator, of tensors that were made outside of every emission: nobody frees them. It warns at the second such tensor, and
 * only if the first is still alive: a program that pushes tensors of its own may free each. In debug mode it warns at the first one.
 */
export function warnOfUnowned(operator: string, value: unknown): void {
  const isDebugging = isDebugMode();
  if (!isDebugging && currentScope() !== null) return;
  forEachUnowned(value, (tensor) => {
    if (isHeld(tensor)) return;
    const last = lastUnowned.get(operator)?.deref();
    lastUnowned.set(operator, new WeakRef(tensor));
    if (!isDebugging && (!last || last === tensor || !isUnowned(last))) return;
    warnOnce(
      `a tensor of shape [${tensor.shape.join(',')}] that belongs to no emission reached ${operator}: nobody frees it. Put scoped() ` +
        'right after the stock source that it is made of (of, from, interval, timer, fromEvent), also inside of a mergeMap or concatMap; ' +
        'or keep() the tensor and dispose it yourself',
      `no emission ${operator}`,
    );
  });
}

/** Makes the open emission the owner of the tensors in a value that have none. */
export function adoptUnowned(value: unknown): void {
  forEachUnowned(value, handOver);
}

/** Frees the tensors in a value that have no owner. */
export function disposeUnowned(value: unknown): void {
  forEachUnowned(value, (tensor) => tensor.dispose());
}
