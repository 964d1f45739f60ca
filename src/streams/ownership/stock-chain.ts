/**
 * Frees the tensors that RxJS's stock operators make between a stock source and an operator of this library, such as `map` in
 * `interval(1).pipe(map((i) => scalar(i)), download())`. No emission is open there, so nothing would own these tensors. The library's
 * operator therefore subscribes to the chain above it with a scope around each link.
 */
import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';
import { warnOnce } from '../../tensor/debug';
import { currentScope, openScope } from '../../tensor/extent';
import { closeScope } from '../../tensor/scope';

/** The fields of an observable that a stock operator of RxJS 7 has made. Observables without both fields are left as they are. */
interface Link {
  readonly source?: Observable<unknown>;
  readonly operator?: { readonly call: (subscriber: Subscriber<unknown>, source: unknown) => TeardownLogic };
}

/** Notes whether a value has reached an operator of this library in the innermost of these scopes. */
let reached: { isReached: boolean } | null = null;

/** Call this when a value has reached an operator of this library. */
export function noteReached(): void {
  if (reached) reached.isReached = true;
}

/**
 * Returns the same stream with scopes in it. Tensors that its stock operators make are freed after their value has reached the operator
 * below and everything below that has handled it. If the value does not reach the operator synchronously, the tensors stay alive, because
 * the value may come later; then a warning is given.
 *
 * @param name the name of the operator below, for messages
 */
export function ownedChain<T>(name: string, stream: Observable<T>): Observable<T> {
  const { source, operator } = stream as unknown as Link;
  if (!operator || !source) return stream;
  const above = scopedLink(name, ownedChain(name, source));
  return new Observable<T>((subscriber) => operator.call(subscriber, above));
}

function scopedLink<T>(name: string, source: Observable<T>): Observable<T> {
  return new Observable<T>((downstream) => {
    // The subscriptions are linked first, so that a synchronous source stops as soon as the subscription ends.
    const linked = new Observable<T>((upstream) => {
      downstream.add(upstream);
      if (!downstream.closed) source.subscribe(upstream);
    });
    linked.subscribe({
      next: (value) => within(name, () => downstream.next(value)),
      error: (error) => within(name, () => downstream.error(error)),
      complete: () => within(name, () => downstream.complete()),
    });
  });
}

function within(name: string, work: () => void): void {
  if (currentScope() !== null) {
    work();
    return;
  }
  const scope = openScope('emission', `the stock operators above ${name}`);
  const outer = reached;
  const here = (reached = { isReached: false });
  try {
    work();
  } finally {
    reached = outer;
    const left = here.isReached
      ? []
      : scope.tensors.filter(({ isDisposed, isKept }) => !isDisposed && !isKept);
    closeScope(scope, left);
    if (left.length > 0) warnOfLeft(name);
  }
}

function warnOfLeft(name: string): void {
  warnOnce(
    `stock operators above ${name} made tensors of a value that did not reach it at once; they belong to no emission, and nobody frees ` +
      'them. Put scoped() right after the stock source, and across() around what moves values in time',
  );
}
