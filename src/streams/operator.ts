import { Observable, Subscriber, type OperatorFunction } from 'rxjs';
import { emission, subscribing, trackedEmission } from './emission';

/** Where an operator's values go. */
export interface Output<R> {
  /**
   * Opens an emission, makes the value in it and hands it on. An error thrown by `make` becomes an error notification, sent when the
   * emission has ended; nothing is handed on where `make` returns {@link NOTHING}.
   */
  readonly emit: (make: () => R | typeof NOTHING) => void;
  /** As `emit`, telling when all of the emission is finished (null: it is); see {@link trackedEmission}. */
  readonly emitTracked: (make: () => R | typeof NOTHING) => Promise<void> | null;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
  /** False when nobody listens any more. */
  readonly isOpen: () => boolean;
}

/** For {@link Output.emit}: there is no value this time. */
export const NOTHING = Symbol('nothing');

/** What an operator does with what comes from above. */
export interface Handlers<T> {
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
export function operator<T, R>(name: string, handlersOf: (output: Output<R>) => Handlers<T>): OperatorFunction<T, R> {
  return (source) =>
    new Observable<R>((subscriber) => {
      subscribing(() => {
        const upstream = new EmittingSubscriber<T, R>(name, subscriber);
        upstream.handlers = handlersOf(upstream.output);
        source.subscribe(upstream);
      });
    });
}

/** Extends RxJS's subscriber, so that a synchronous source sees at once when nobody listens any more. */
class EmittingSubscriber<T, R> extends Subscriber<T> {
  handlers: Handlers<T> = { next: () => undefined };
  readonly output: Output<R>;
  private emitting = 0;
  private ended = false;

  constructor(name: string, downstream: Subscriber<R>) {
    super(downstream);
    this.output = {
      emit: (make) => {
        this.emitIn(downstream, make, (work) => emission(name, work));
      },
      emitTracked: (make) => {
        let finished: Promise<void> | null = null;
        this.emitIn(downstream, make, (work) => (finished = trackedEmission(name, work)));
        return finished;
      },
      error: (error) => {
        downstream.error(error);
        this.unsubscribe();
      },
      complete: () => {
        downstream.complete();
        this.unsubscribe();
      },
      isOpen: () => !downstream.closed,
    };
  }

  private emitIn(
    downstream: Subscriber<R>,
    make: () => R | typeof NOTHING,
    open: (work: () => void) => void,
  ): void {
    if (downstream.closed) return;
    let failure: { error: unknown } | null = null;
    this.emitting++;
    try {
      open(() => {
        let value: R | typeof NOTHING;
        try {
          value = make();
        } catch (error) {
          failure = { error };
          return;
        }
        if (value !== NOTHING) downstream.next(value);
      });
    } finally {
      this.emitting--;
      if (this.ended && this.emitting === 0) this.free();
    }
    if (failure) this.output.error((failure as { error: unknown }).error);
  }

  protected override _next(value: T): void {
    this.handlers.next(value);
  }

  protected override _error(error: unknown): void {
    if (this.handlers.error) this.handlers.error(error);
    else this.output.error(error);
  }

  protected override _complete(): void {
    if (this.handlers.complete) this.handlers.complete();
    else this.output.complete();
  }

  override unsubscribe(): void {
    if (this.ended) return;
    this.ended = true;
    try {
      super.unsubscribe();
    } finally {
      if (this.emitting === 0) this.free();
    }
  }

  private free(): void {
    const { teardown } = this.handlers;
    this.handlers = { next: () => undefined };
    teardown?.();
  }
}
