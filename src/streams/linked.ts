import { Observable, type Observer, type Subscriber } from 'rxjs';

/**
 * Subscribes to the source of an operator, so that it ends with the operator's own subscription: linked before subscribing, since a synchronous source
 * must stop as soon as that has ended.
 *
 * @param link called with the subscription to the source, before it begins
 */
export function subscribeLinked<T>(
  source: Observable<T>,
  downstream: Subscriber<unknown>,
  observer: Partial<Observer<T>>,
  link?: (upstream: Subscriber<T>) => void,
): void {
  const linked = new Observable<T>((upstream) => {
    downstream.add(upstream);
    link?.(upstream);
    if (!downstream.closed) source.subscribe(upstream);
  });
  linked.subscribe(observer);
}
