import { forEachTensor } from '../../tensor/container';
import { isDebugMode, warnOnce } from '../../tensor/debug';
import { handOver } from '../../tensor/detached';
import { currentScope } from '../../tensor/extent';
import type { Tensor } from '../../tensor/tensor';
import { Variable } from '../../tensor/variable';
import { isHeld } from './held-values';

/** True for a living tensor that no scope owns and that is neither kept nor a variable. */
function isUnowned(tensor: Tensor): boolean {
  return !tensor.isDisposed && !tensor.isScoped && !tensor.isKept && !(tensor instanceof Variable);
}

function forEachUnowned(value: unknown, visit: (tensor: Tensor) => void): void {
  forEachTensor(value, (tensor) => {
    if (isUnowned(tensor)) visit(tensor);
  });
}

/** For each operator's name, the last tensor without an owner that reached the operator. */
const lastUnowned = new Map<string, WeakRef<Tensor>>();

/**
 * Warns, once for each operator, about tensors without an owner, which nobody frees. It warns when a tensor without an owner comes while the
 * one before it is still alive; a program that pushes its own tensors and frees each gets no warning. In debug mode it warns at the first.
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

/** Makes the current emission own those tensors in a value that have no owner. */
export function adoptUnowned(value: unknown): void {
  forEachUnowned(value, handOver);
}

/** Frees the tensors in a value that have no owner. */
export function disposeUnowned(value: unknown): void {
  forEachUnowned(value, (tensor) => tensor.dispose());
}
