import { abandon } from './abandoned';
import { assertFunction, wrongArgument } from './argument';
import { forEachTensor, isPromise, type TensorContainer } from './container';
import { assertOwnTensors } from './copies';
import { Tensor } from './tensor';
import type { Storage } from './device';

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
  /** The next of those that have ended and are still to be freed. */
  endedBefore: Scope | null;
}

/**
 * The stack of scopes. Whoever opens one ends it in a `finally`, by assignments alone:
 *
 *     scopes.innermost = scope.parent;
 *     scope.endedBefore = scopes.ended;
 *     scopes.ended = scope;
 *     freeEnded(survivors);
 *
 * Where the engine's own stack has run over, the call may fail too: the scope is off the stack all the same, and the next call frees it.
 */
export const scopes = {
  innermost: null as Scope | null,
  /** The latest of those that have ended and are still to be freed. */
  ended: null as Scope | null,
  /** Storage whose tensor is being made. */
  unclaimed: null as Storage | null,
};

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
  return scopes.innermost;
}

/** The open scopes, outermost first. */
export function openScopes(): Scope[] {
  const open: Scope[] = [];
  for (let scope = scopes.innermost; scope; scope = scope.parent) open.unshift(scope);
  return open;
}

/** How many scopes are open: for tests that check the balance. */
export function scopeDepth(): number {
  return openScopes().length;
}

export function openScope(kind: Scope['kind'], label: string): Scope {
  return (scopes.innermost = { kind, label, parent: scopes.innermost, tensors: [], endedBefore: null });
}

/** What outlives a scope: one tensor, several, or none. */
export type Survivors = Tensor | ReadonlySet<Tensor> | null;

/**
 * The tensors in the result of what runs in the innermost scope. To be called while it is open: the properties of a result may be
 * getters, which make tensors, or throw.
 */
export function survivorsIn(result: unknown): Survivors {
  if (typeof result !== 'object' || result === null) return null;
  if (result instanceof Tensor) return result;
  // Most scopes return one tensor or nothing: they need no set.
  if (scopes.innermost?.tensors.length === 0) return null;
  const found = new Set<Tensor>();
  forEachTensor(result, (tensor) => found.add(tensor));
  return found;
}

/**
 * Frees the tensors of the scopes that have ended, but for those that are kept, and those of the latest that survive: the scope around it
 * owns them from then on.
 */
export function freeEnded(survivors: Survivors): void {
  if (scopes.unclaimed) releaseUnclaimed();
  let surviving = survivors;
  for (let scope = scopes.ended; scope; scope = scopes.ended) {
    try {
      freeTensors(scope, surviving);
    } catch (error) {
      // What the engine throws for want of stack passes; an error of ours would come again each time.
      if ((error as Error).constructor === Error) scopes.ended = scope.endedBefore;
      throw error;
    }
    scopes.ended = scope.endedBefore;
    surviving = null;
  }
}

/** Frees the storage of a tensor that could not be made. */
export function releaseUnclaimed(): void {
  scopes.unclaimed?.release();
  scopes.unclaimed = null;
}

function freeTensors(scope: Scope, survivors: Survivors): void {
  const several = survivors instanceof Set ? survivors : null;
  for (const tensor of scope.tensors) {
    if (tensor.isDisposed) continue;
    if (tensor.isKept) abandon(tensor);
    else if (tensor === survivors || several?.has(tensor)) adopt(tensor);
    else tensor.disposeWith(scope);
  }
}

/** Closes the innermost scope, as whoever opened it does; see {@link scopes}. */
export function closeScope(scope: Scope, result?: unknown): void {
  if (scopes.innermost !== scope) throw new Error(`scope '${scope.label}' was closed out of order`);
  const survivors = survivorsIn(result);
  scopes.innermost = scope.parent;
  scope.endedBefore = scopes.ended;
  scopes.ended = scope;
  freeEnded(survivors);
}

/** Makes the innermost scope (or, outside of every scope, the garbage collector) the owner of a tensor. */
export function adopt(tensor: Tensor): void {
  const scope = scopes.innermost;
  if (scope === null) {
    abandon(tensor);
    return;
  }
  scope.tensors.push(tensor);
  tensor.isScoped = true;
}

/** As {@link adopt}, of one that is being made, which is counted from then on. */
export function adoptNew(tensor: Tensor): void {
  adopt(tensor);
  liveTensors++;
}

/** Runs `work` with no scope open, as if called from the event loop; scopes are put back however it ends. */
export function withoutScopes<T>(work: () => T): T {
  const saved = scopes.innermost;
  scopes.innermost = null;
  try {
    return work();
  } finally {
    scopes.innermost = saved;
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
  let survivors: Survivors = null;
  try {
    const result = work();
    if (isPromise(result)) {
      result.then(undefined, () => undefined); // the error below is the one to see
      throw new Error(
        'tidy: the function returned a promise; wanted tensors or plain values. The scope ends before an ' +
          'asynchronous function has done its work: await first and tidy what comes after, or use keep and dispose',
      );
    }
    survivors = survivorsIn(result);
    return result;
  } finally {
    scopes.innermost = scope.parent;
    scope.endedBefore = scopes.ended;
    scopes.ended = scope;
    freeEnded(survivors);
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
