import { assertFunction, wrongArgument } from './argument';
import { forEachTensor, isPromise, type TensorContainer } from './container';
import { assertOwnTensors } from './copies';
import { currentScope, endScope, inScope, inTapedScope, type Scope, type Survivors } from './extent';
import { Tensor } from './tensor';

/** The tensors in the result of a function that ran in the innermost scope. Must be called while that is open; see {@link inScope}. */
export function survivorsIn(result: unknown): Survivors {
  if (typeof result !== 'object' || result === null) return null;
  if (result instanceof Tensor) return result;
  // A scope without tensors has no survivors.
  if (currentScope()?.tensors.length === 0) return null;
  const found = new Set<Tensor>();
  forEachTensor(result, (tensor) => found.add(tensor));
  return found;
}

/** Ends a scope that was opened by {@link openScope}; the tensors in the result outlive it. */
export function closeScope(scope: Scope, result?: unknown): void {
  endScope(scope, survivorsIn(result));
}

/**
 * Runs `work` and frees every tensor that was made in it, except those in its result (also inside arrays and plain
 * objects) and those given to {@link keep}. Variables are not freed.
 *
 * @param nameOrWork a name for messages, or the function itself
 * @returns what `work` returns; the next outer scope owns the tensors in it
 * @throws what `work` throws, after all was freed; and when `work` returns a promise, since the scope ends with the
 *   call, before an asynchronous function has done its work
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const a = dl.tensor1d([1, 2, 3]);
 * const mean = dl.tidy(() => a.square().mean()); // the square is freed here
 * mean.print();
 * dl.dispose([a, mean]);
 * ```
 */
export function tidy<T>(work: () => T): T;
/** As above, with a name for messages. */
export function tidy<T>(name: string, work: () => T): T;
export function tidy<T>(nameOrWork: string | (() => T), maybeWork?: () => T): T {
  const named = typeof nameOrWork === 'string';
  const work = named ? maybeWork : nameOrWork;
  assertFunction('tidy', 'work', work);
  return inScope('tidy', named ? nameOrWork : 'tidy', survivorsOfTidy, work);
}

function survivorsOfTidy(result: unknown): Survivors {
  if (isPromise(result)) {
    result.then(undefined, () => undefined); // A rejection must not hide the error below.
    throw new Error(
      'tidy: the function returned a promise; wanted tensors or plain values. The scope ends before an ' +
        'asynchronous function has done its work: await first and tidy what comes after, or use keep and dispose',
    );
  }
  return survivorsIn(result);
}

/** As {@link tidy}, for gradient functions: what `work` computes is taped. See {@link inTapedScope}. */
export function tidyTaped<T>(label: string, watchesVariables: boolean, work: () => T): T {
  return inTapedScope('gradient', label, watchesVariables, survivorsOfTidy, work);
}

/**
 * Takes a tensor out of every scope: it lives until it is disposed.
 *
 * @returns the tensor
 * @throws when it is not a tensor, or has been disposed
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * let best: dl.Tensor | undefined;
 * dl.tidy(() => {
 *   best = dl.keep(dl.tensor1d([1, 2]).square());
 * });
 * best?.print();
 * best?.dispose();
 * ```
 */
export function keep<T extends Tensor>(tensor: T): T {
  if (!((tensor as unknown) instanceof Tensor)) throw wrongArgument('keep', 'tensor', tensor, 'a tensor');
  tensor.markKept();
  return tensor;
}

/**
 * Frees every tensor in a container (a tensor, or arrays and plain objects of them). Disposed tensors are skipped.
 *
 * @example
 * ```ts
 * import * as dl from 'rxtensor';
 * const pair = { a: dl.scalar(1), b: [dl.scalar(2)] };
 * dl.dispose(pair);
 * ```
 */
export function dispose(container: TensorContainer | object): void {
  assertOwnTensors('dispose', 'container', container);
  forEachTensor(container, (tensor) => {
    if (!tensor.isDisposed) tensor.dispose();
  });
}
