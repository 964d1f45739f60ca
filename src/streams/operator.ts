import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { assertOwnTensors } from '../tensor/copies';
import { emission, subscribing, trackedEmission } from './emission';
import { Holdings, type Held } from './ownership/held-values';
import { failureIn, notifyComplete, notifyError, type Failure } from './notify';
import { noteReached, ownedChain } from './ownership/stock-chain';
import type { Trail } from './trail';
import { warnOfUnowned } from './ownership/unowned-tensors';

/** For {@link Output.emit}: there is no value this time. */
export const NOTHING = Symbol('nothing');

/** Makes a value in an emission that is open. */
export type Make<R> = () => R | typeof NOTHING;

/** Where an operator's values go. */
export interface Output<R> {
  /**
   * Opens an emission, makes the value in it and hands it on. An error thrown by `make` becomes an error notification, sent when the
   * emission has ended; nothing is handed on where `make` returns {@link NOTHING}. Never throws.
   *
   * @param trail that of the value, where it came in an emission that may have ended
   */
  readonly emit: (make: Make<R>, trail?: Trail | null) => void;
  /** As `emit`, telling when all of the emission is finished (null: it is); see {@link trackedEmission}. */
  readonly emitTracked: (make: Make<R>, trail?: Trail | null) => Promise<void> | null;
  /** Takes a value out of its emission; see {@link Holdings}. What is not released when the subscription ends is so after the teardown. */
  readonly hold: <T>(value: T, taped?: 'refused' | 'cut off') => Held<T>;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
  /** False when nobody listens any more. */
  readonly isOpen: () => boolean;
}

/** What an operator does with what comes from above. */
export interface Handlers<T> {
  /** What it throws becomes an error notification. */
  readonly next: (value: T) => void;
  /** Passes the error on when left out. */
  readonly error?: (error: unknown) => void;
  /** Completes when left out. */
  readonly complete?: () => void;
  /**
   * Frees what the operator holds: once, when the subscription has ended in whatever way. While one of the operator's own emissions is
   * under way it is put off until that has ended, since a subscriber may unsubscribe and still read.
   */
  readonly teardown?: () => void;
}

/**
 * An operator of this library: each subscription gets handlers of its own, all that it emits is in an emission, and subscribing
 * upstream runs with the scopes set aside.
 *
 * @param name for messages
 */
export function operator<T, R>(
  name: string,
  handlersOf: (output: Output<R>) => Handlers<T>,
): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((downstream) => {
      subscribing(() => {
        const output = new EmittingOutput<R>(name, downstream);
        const handlers = handlersOf(output);
        output.onEnd(() => handlers.teardown?.());
        connect(name, source, downstream, output, handlers);
      });
    });
}

function connect<T, R>(
  name: string,
  source: Observable<T>,
  downstream: Subscriber<R>,
  output: EmittingOutput<R>,
  handlers: Handlers<T>,
): void {
  const owned = ownedChain(name, source);
  // Linked before the source is subscribed to: a synchronous source sees at once when nobody listens any more.
  const linked = new Observable<T>((upstream) => {
    downstream.add(upstream);
    downstream.add(output.end);
    if (!downstream.closed) owned.subscribe(upstream);
  });
  linked.subscribe({
    next: (value) => {
      // Nobody listens, and what was held is freed: RxJS's unsubscribing may be lost where the engine's stack runs over in it.
      if (downstream.closed) return;
      try {
        noteReached();
        assertOwnTensors(name, 'value', value);
        warnOfUnowned(name, value);
        handlers.next(value);
      } catch (error) {
        output.error(error);
      }
    },
    error: handlers.error ?? output.error,
    complete: handlers.complete ?? output.complete,
  });
}

/** Counts the emissions under way, so that nothing is freed in the middle of one. */
class EmittingOutput<R> implements Output<R> {
  private emitting = 0;
  private ended = false;
  private teardown: (() => void) | null = null;
  private readonly holdings: Holdings;

  constructor(
    private readonly name: string,
    private readonly downstream: Subscriber<R>,
  ) {
    this.holdings = new Holdings(name);
  }

  onEnd(teardown: () => void): void {
    this.teardown = teardown;
  }

  emit(make: Make<R>, trail: Trail | null = null): void {
    this.emitIn(make, (work) => emission(this.name, work, trail));
  }

  emitTracked(make: Make<R>, trail: Trail | null = null): Promise<void> | null {
    let finished: Promise<void> | null = null;
    this.emitIn(make, (work) => {
      finished = trackedEmission(this.name, work, trail);
    });
    return finished;
  }

  readonly hold = <T>(value: T, taped?: 'refused' | 'cut off'): Held<T> => this.holdings.hold(value, taped);
  readonly error = (error: unknown): void => notifyError(this.downstream, error);
  readonly complete = (): void => notifyComplete(this.downstream);
  readonly isOpen = (): boolean => !this.downstream.closed;

  /** The subscription has ended. */
  readonly end = (): void => {
    this.ended = true;
    this.freeWhenIdle();
  };

  private emitIn(make: Make<R>, open: (work: () => void) => void): void {
    if (this.downstream.closed) return;
    let failure: Failure | null;
    this.emitting++;
    try {
      failure = failureIn(open, () => {
        const value = make();
        if (value !== NOTHING && !this.downstream.closed) this.downstream.next(value);
      });
    } finally {
      this.emitting--;
      this.freeWhenIdle();
    }
    if (failure) this.error(failure.error);
  }

  private freeWhenIdle(): void {
    // `end` may have been lost: RxJS calls it once, and the engine's stack may run over in that call.
    if (this.emitting > 0 || !(this.ended || this.downstream.closed)) return;
    this.teardown?.();
    this.holdings.releaseAll();
    this.teardown = null;
  }
}
