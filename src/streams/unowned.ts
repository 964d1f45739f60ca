import { forEachTensor } from '../tensor/container';
import { currentScope } from '../tensor/extent';
import { isDebugMode, warnOnce } from '../tensor/debug';
import { handOver } from '../tensor/detached';
import type { Tensor } from '../tensor/tensor';
import { Variable } from '../tensor/variable';
import { isHeld } from './held';

/** True for a living tensor that was made outside of every scope, and that nobody said to keep. */
function isUnowned(tensor: Tensor): boolean {
  return !tensor.isDisposed && !tensor.isScoped && !tensor.isKept && !(tensor instanceof Variable);
}

function forEachUnowned(value: unknown, visit: (tensor: Tensor) => void): void {
  forEachTensor(value, (tensor) => {
    if (isUnowned(tensor)) visit(tensor);
  });
}

/** The tensor without an owner that reached an operator last, by the operator's name. */
const lastUnowned = new Map<string, WeakRef<Tensor>>();

/**
 * Warns, once for each operator, of tensors that come from outside of every emission: nobody frees them. Of the second only, and where the
 * first still lives: whoever pushes tensors of their own may free them. In debug mode of the first, wherever it comes from.
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

/** Makes the open emission the owner of what an iterator made outside of every emission. */
export function adoptUnowned(value: unknown): void {
  forEachUnowned(value, handOver);
}

/** Frees what an iterator made for nobody. */
export function disposeUnowned(value: unknown): void {
  forEachUnowned(value, (tensor) => tensor.dispose());
}
