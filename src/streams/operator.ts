import { Observable, type OperatorFunction, type Subscriber } from 'rxjs';
import { running, type Endings } from '../tensor/host-state';
import { assertOwnTensors } from '../tensor/copies';
import { emission, noteFailure, subscribing, trackedEmission } from './emission';
import { Holdings, type Held } from './ownership/held-values';
import { subscribeLinked } from './linked';
import { failureIn, isStackOverflow, notifyComplete, notifyError, type Failure } from './notify';
import { noteReached, ownedChain } from './ownership/stock-chain';
import type { Trail } from './trail';
import { warnOfUnowned } from './ownership/unowned-tensors';
import { watching, type Watch } from './watching';

/** The result of a {@link Make} function that has no value to emit. */
export const NOTHING = Symbol('nothing');

/** Makes a value inside of an open emission. */
export type Make<R> = () => R | typeof NOTHING;

/** The downstream side of an operator. */
export interface Output<R> {
  /**
   * Opens an emission, makes the value in it and hands it on. An error thrown by `make` becomes an error notification, sent when the
   * emission has ended. If `make` returns {@link NOTHING}, nothing is emitted. `emit` never throws.
   *
   * @param trail the trail of the value, if it came in an emission that may have ended
   */
  readonly emit: (make: Make<R>, trail?: Trail | null) => void;
  /** Like `emit`; also returns a promise that resolves when the emission is finished, or null if it is already. See {@link trackedEmission}. */
  readonly emitTracked: (make: Make<R>, trail?: Trail | null) => Promise<void> | null;
  /** Keeps a value past its emission; see {@link Holdings}. Values that are not released when the subscription ends are released after the teardown. */
  readonly hold: <T>(value: T, taped?: 'refused' | 'cut off') => Held<T>;
  readonly error: (error: unknown) => void;
  readonly complete: () => void;
  /** False once the subscription has ended. */
  readonly isOpen: () => boolean;
  /** Tells that a value was dropped. */
  readonly noteDrop: () => void;
}

/** The handlers of an operator for the notifications of its source. */
export interface Handlers<T> {
  /** Handles a value. An error that it throws becomes an error notification. */
  readonly next: (value: T) => void;
  /** Handles an error; when left out, the error is passed on. */
  readonly error?: (error: unknown) => void;
  /** Handles completion; when left out, the operator completes. */
  readonly complete?: () => void;
  /**
   * Frees what the operator holds. Called once, when the subscription has ended for any reason. If one of the operator's own emissions is open
   * then, the call is delayed until it has ended, since a subscriber may unsubscribe and still read the value.
   */
  readonly teardown?: () => void;
}

/**
 * Makes an operator of this library. Each subscription gets its own handlers, every value is emitted inside of an emission, and the source is
 * subscribed to with all scopes set aside.
 *
 * @param name the name of the operator, for messages
 */
export function operator<T, R>(
  name: string,
  handlersOf: (output: Output<R>) => Handlers<T>,
): OperatorFunction<T, R> {
  return (source) => {
    const observable: Observable<R> = new Observable<R>((downstream) => {
      const watch = watching.by?.begins({ name, observable, source, downstream });
      subscribing(() => {
        const output = new EmittingOutput<R>(name, downstream, watch);
        const handlers = handlersOf(output);
        output.onEnd(() => handlers.teardown?.());
        connect(name, source, downstream, output, handlers, watch);
      });
    });
    return observable;
  };
}

function connect<T, R>(
  name: string,
  source: Observable<T>,
  downstream: Subscriber<R>,
  output: EmittingOutput<R>,
  handlers: Handlers<T>,
  watch: Watch | undefined,
): void {
  const observer = {
    next: (value: T) => {
      // The subscription has ended and everything held is freed, yet a value comes: a stack overflow can make RxJS's unsubscribing fail.
      if (!output.isOpen()) return;
      watch?.enters();
      try {
        noteReached();
        assertOwnTensors(name, 'value', value);
        warnOfUnowned(name, value);
        handlers.next(value);
      } catch (error) {
        output.error(error);
      } finally {
        watch?.leaves();
      }
    },
    error: handlers.error ?? output.error,
    complete: handlers.complete ?? output.complete,
  };
  subscribeLinked(ownedChain(name, source), downstream, observer, (upstream) => {
    downstream.add(output.end);
    watch?.connects(upstream);
  });
}

/** Counts the open emissions, so that nothing is freed during one. */
class EmittingOutput<R> implements Output<R> {
  private emitting = 0;
  private ended = false;
  /** A stack overflow in an emission: RxJS loses what it would have to unsubscribe where the stack is used up. */
  private overflow: Failure | null = null;
  private teardown: (() => void) | null = null;
  private readonly holdings: Holdings;
  /** What ends with the subscription besides. */
  private readonly endings: Endings = new Set();

  constructor(
    private readonly name: string,
    private readonly downstream: Subscriber<R>,
    private readonly watch: Watch | undefined,
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
  readonly error = (error: unknown): void => {
    if (this.emitting > 0 && isStackOverflow(error)) {
      this.overflow ??= { error };
      return;
    }
    noteFailure(error);
    notifyError(this.downstream, error);
  };
  readonly complete = (): void => {
    if (!this.overflow) notifyComplete(this.downstream);
  };
  readonly isOpen = (): boolean => !this.overflow && !this.downstream.closed;
  readonly noteDrop = (): void => this.watch?.drops();

  /** The subscription has ended. */
  readonly end = (): void => {
    this.ended = true;
    this.settle();
  };

  private emitIn(make: Make<R>, open: (work: () => void) => void): void {
    if (!this.isOpen()) return;
    let failure: Failure | null;
    const outer = running.subscription;
    running.subscription = this.endings;
    this.emitting++;
    try {
      failure = failureIn(open, () => {
        const value = make();
        if (value === NOTHING || !this.isOpen()) return;
        this.watch?.emits();
        try {
          this.downstream.next(value);
        } finally {
          this.watch?.returns();
        }
      });
      if (failure && isStackOverflow(failure.error)) {
        this.overflow ??= failure;
        failure = null;
      }
    } finally {
      running.subscription = outer;
      this.emitting--;
      this.settle();
    }
    if (failure) this.error(failure.error);
  }

  /** When no emission is open: sends the stack overflow that came in one, and frees what is held if the subscription has ended. */
  private settle(): void {
    if (this.emitting > 0) return;
    const { overflow } = this;
    if (overflow) {
      this.overflow = null;
      notifyError(this.downstream, overflow.error);
    }
    // RxJS calls `end` once; a stack overflow can make that call fail.
    if (!(this.ended || this.downstream.closed)) return;
    this.teardown?.();
    this.holdings.releaseAll();
    for (const ending of this.endings) ending();
    this.teardown = null;
  }
}
