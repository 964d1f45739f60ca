/**
 * Frees the tensors that stock operators make between a stock source and an operator of ours, as in
 * `interval(1).pipe(map((i) => scalar(i)), download())`: no emission is open there. So our operator subscribes to the chain above it with a
 * scope around each link.
 */
import { Observable, type Subscriber, type TeardownLogic } from 'rxjs';
import { warnOnce } from '../../tensor/debug';
import { currentScope, openScope } from '../../tensor/extent';
import { closeScope } from '../../tensor/scope';

/** The fields of an observable that a stock operator of RxJS 7 has made; other observables have neither. */
interface Link {
  readonly source?: Observable<unknown>;
  readonly operator?: { readonly call: (subscriber: Subscriber<unknown>, source: unknown) => TeardownLogic };
}

/** Whether a value has reached an operator of ours in the innermost of these scopes. */
let reached: { isReached: boolean } | null = null;

/** To be called when a value has reached an operator of ours. */
export function noteReached(): void {
  if (reached) reached.isReached = true;
}

/**
 * The same stream. Tensors that its stock operators make are freed when their value has reached the operator below and everyone below has seen
 * it. If the value does not reach that operator at once, they stay alive, since it may come later.
 *
 * @param name the operator below, for messages
 */
export function ownedChain<T>(name: string, stream: Observable<T>): Observable<T> {
  const { source, operator } = stream as unknown as Link;
  if (!operator || !source) return stream;
  const above = scopedLink(name, ownedChain(name, source));
  return new Observable<T>((subscriber) => operator.call(subscriber, above));
}

function scopedLink<T>(name: string, source: Observable<T>): Observable<T> {
  return new Observable<T>((downstream) => {
    // Linked before subscribing, so that a synchronous source stops as soon as the subscription ends.
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
