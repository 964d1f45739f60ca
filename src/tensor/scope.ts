import { abandon } from './abandoned';
import { assertFunction, wrongArgument } from './argument';
import { forEachTensor, isPromise, type TensorContainer } from './container';
import { assertOwnTensors } from './copies';
import { Tensor } from './tensor';

/**
 * A scope owns the tensors that are made while it is the innermost one, and frees them when it closes. `tidy` opens
 * one around a function; a stream opens one around each emission.
 */
export interface Scope {
  readonly kind: 'tidy' | 'emission';
  /** The name given to `tidy`, or the operator that emits: for messages. */
  readonly label: string;
  readonly parent: Scope | null;
  readonly tensors: Tensor[];
}

let current: Scope | null = null;
let liveTensors = 0;

/** How many tensors are alive, variables included. */
export function numTensors(): number {
  return liveTensors;
}

/** Called as tensors come and go. */
export function countTensors(change: 1 | -1): void {
  liveTensors += change;
}

/** The innermost open scope. */
export function currentScope(): Scope | null {
  return current;
}

/** The open scopes, outermost first. */
export function openScopes(): Scope[] {
  const scopes: Scope[] = [];
  for (let scope = current; scope; scope = scope.parent) scopes.unshift(scope);
  return scopes;
}

/** How many scopes are open: for tests that check the balance. */
export function scopeDepth(): number {
  return openScopes().length;
}

export function openScope(kind: Scope['kind'], label: string): Scope {
  return (current = { kind, label, parent: current, tensors: [] });
}

/**
 * Closes the innermost scope: frees its tensors, but for those that are kept and those in `survivors`, which the
 * scope around it owns from then on.
 */
export function closeScope(scope: Scope, survivors?: unknown): void {
  if (current !== scope) throw new Error(`scope '${scope.label}' was closed out of order`);
  current = scope.parent;
  if (scope.tensors.length === 0) return;
  // Most scopes return one tensor or nothing: they need no set.
  let surviving: Set<Tensor> | null = null;
  if (typeof survivors === 'object' && survivors !== null && !(survivors instanceof Tensor)) {
    surviving = new Set();
    forEachTensor(survivors, (tensor) => surviving!.add(tensor));
  }
  for (const tensor of scope.tensors) {
    if (tensor.isDisposed) continue;
    if (tensor.isKept) abandon(tensor);
    else if (tensor === survivors || surviving?.has(tensor)) adopt(tensor);
    else tensor.disposeWith(scope);
  }
}

/** Makes the innermost scope (or, outside of every scope, the garbage collector) the owner of a tensor. */
export function adopt(tensor: Tensor): void {
  if (current === null) {
    abandon(tensor);
    return;
  }
  tensor.isScoped = true;
  current.tensors.push(tensor);
}

/** Runs `work` with no scope open, as if called from the event loop; scopes are put back however it ends. */
export function withoutScopes<T>(work: () => T): T {
  const saved = current;
  current = null;
  try {
    return work();
  } finally {
    current = saved;
  }
}

/**
 * Runs `work` and frees every tensor that was made in it, but for those it returns (also inside arrays and objects)
 * and those given to {@link keep}. Variables are not touched.
 *
 * @param nameOrWork a name for messages and profiles, or the function itself
 * @throws when `work` returns a promise: the scope ends with the call, before an asynchronous function has done its
 *   work. An error thrown in `work` is passed on after everything was freed.
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
export function tidy<T>(name: string, work: () => T): T;
export function tidy<T>(nameOrWork: string | (() => T), maybeWork?: () => T): T {
  const named = typeof nameOrWork === 'string';
  const work = named ? maybeWork : nameOrWork;
  assertFunction('tidy', 'work', work);
  const scope = openScope('tidy', named ? nameOrWork : 'tidy');
  let result: T | undefined;
  try {
    result = work();
    if (isPromise(result)) {
      result.then(undefined, () => undefined); // the error below is the one to see
      result = undefined;
      throw new Error(
        'tidy: the function returned a promise; wanted tensors or plain values. The scope ends before an ' +
          'asynchronous function has done its work: await first and tidy what comes after, or use keep and dispose',
      );
    }
    return result;
  } finally {
    closeScope(scope, result);
  }
}

/**
 * Takes a tensor out of every scope: it lives until it is disposed.
 *
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
 * Frees every tensor in a container now. One that is disposed already is passed over.
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
