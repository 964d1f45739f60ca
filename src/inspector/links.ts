/**
 * How subscriptions hang together where RxJS's own operators lie between ours. RxJS does not tell; its objects do: an observable that `pipe` made
 * knows the one above it, and a subscriber knows the one below. These fields are not public. If one is missing, a link is not found, and the
 * graph falls back to what it knows by other means. links.spec.ts says with which version of RxJS they were looked at, and what is left without them.
 */
import type { Observable } from 'rxjs';

interface Linked {
  readonly source?: Observable<unknown>;
  readonly operator?: unknown;
}

interface LinkedSubscriber {
  readonly destination?: unknown;
  readonly _parentage?: unknown;
}

/** The observable that a chain of stock operators starts from, and how many operators there are. */
export function startOfChain(observable: Observable<unknown>): {
  readonly start: Observable<unknown>;
  readonly links: number;
} {
  let start = observable;
  let links = 0;
  for (;;) {
    const { source, operator } = start as unknown as Linked;
    if (!source || !operator) return { start, links };
    start = source;
    links++;
  }
}

/** The longest way that is searched: of stock operators between two of ours. */
const FURTHEST = 200;

/** Looks down from a subscriber, itself included, for the first that `find` knows; null when there is none. */
export function below<T>(subscriber: object, find: (subscriber: object) => T | undefined): T | null {
  const seen = new Set<object>();
  let level: object[] = [subscriber];
  for (let depth = 0; depth < FURTHEST && level.length > 0; depth++) {
    const next: object[] = [];
    for (const each of level) {
      if (seen.has(each)) continue;
      seen.add(each);
      const found = find(each);
      if (found !== undefined) return found;
      next.push(...nextBelow(each));
    }
    level = next;
  }
  return null;
}

function nextBelow(subscriber: object): object[] {
  const { destination, _parentage } = subscriber as LinkedSubscriber;
  // A subscriber of a stock operator hands on to another one; one that calls functions is added to the subscription that it belongs to.
  const subscribers = [
    destination,
    ...(Array.isArray(_parentage) ? (_parentage as unknown[]) : [_parentage]),
  ];
  return subscribers.filter(
    (each): each is object =>
      typeof each === 'object' && each !== null && ('destination' in each || '_parentage' in each),
  );
}
