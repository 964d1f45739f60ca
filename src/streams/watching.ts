import type { Observable, Subscriber } from 'rxjs';
import type { Tensor } from '../tensor/tensor';
import type { Waiter } from './emission';

/** A subscription to an operator or a source of this library that has just begun. */
export interface BegunSubscription {
  /** The name of the operator or source. */
  readonly name: string;
  /** The observable that is subscribed to. */
  readonly observable: Observable<unknown>;
  /** What an operator subscribes to; null for a source. */
  readonly source: Observable<unknown> | null;
  readonly downstream: Subscriber<never>;
}

/** What is told of one subscription. What comes in and goes out is told in pairs, which nest as the calls do. */
export interface Watch {
  /** The operator is about to subscribe to its source with this subscriber. */
  readonly connects: (upstream: Subscriber<never>) => void;
  /** A value has come in. */
  readonly enters: () => void;
  /** The operator has returned from handling it. */
  readonly leaves: () => void;
  /** A value is about to go out. */
  readonly emits: () => void;
  /** Everyone below has returned. */
  readonly returns: () => void;
  /** A value was dropped. */
  readonly drops: () => void;
  /** A source begins to wait until its emissions are finished, or goes on. */
  readonly waits: (isWaiting: boolean) => void;
}

/** Is told how streams run. */
export interface Watcher {
  readonly begins: (begun: BegunSubscription) => Watch;
  /** A subscription is about to be notified of an error, or of completion. */
  readonly ends: (downstream: Subscriber<never>, failure: { readonly error: unknown } | null) => void;
  /** An emission is not finished before the promise has settled. */
  readonly holdsUp: (waiter: Waiter, promise: Promise<unknown>, hasSource: boolean) => void;
  /** An operator keeps the tensors of a value past its emission. */
  readonly keeps: (tensors: readonly Tensor[]) => void;
}

/**
 * The watcher of all streams, which `rxtensor/inspector` sets while something is inspected. Code that has something to tell asks for it first: while
 * there is none, nothing is made.
 */
export const watching: { by: Watcher | null } = { by: null };
