import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import { isPromise } from '../../tensor/container';
import { warnOnce } from '../../tensor/debug';
import { noteOrigin, subscribing, trackedEmission, type Wait } from '../emission';
import { assertPositiveInteger, assertScheduler } from '../checks/arguments';
import { afterLongWait, LONG_WAIT_SECONDS } from './long-wait';
import { whenNothingIsLeft } from './idle-event-loop';
import { failureIn, notifyComplete, notifyError, reportUnhandled } from '../notify';
import { errorOfStuck, warningOfStuck } from './stuck-source';
import type { Trail } from '../trail';
import { nextTurnOf, type NextTurn } from './turn';
import { adoptUnowned, disposeUnowned } from '../ownership/unowned-tensors';
import type { OptionNames } from '../../tensor/options';
import { watching, type Watch } from '../watching';

/** Options that limit how fast a pulling source emits. */
export interface PullOptions {
  /** The source makes the next value only when fewer than this many emissions are unfinished; the default is 2. */
  readonly inFlight?: number;
  /** Schedules the work and measures time, for tests on virtual time and for Angular's zone. The default is the event loop. */
  readonly scheduler?: SchedulerLike;
}

export const pullOptions: OptionNames<PullOptions> = { inFlight: 1, scheduler: 1 };

/** Gives a pulling source its values. Each subscription has its own supply. */
export type Supply<T> = {
  /** Called once, when the subscription has ended and no call of `next` on the subscriber is running. */
  readonly close?: () => void;
  /**
   * Called for each value when its emission is finished, or has ended with the subscription, before `close`. It is not called for emissions that
   * wait when the subscription ends. Leave it out if nobody asks what became of a value.
   *
   * @param index the value's number, from 0 on
   * @param waits what the emission waited for, all settled
   * @param left whether the subscription ended during the emission: a subscriber had enough, or an operator failed
   */
  readonly ended?: (index: number, waits: readonly Wait[], left: boolean) => void;
  /** Returns where the last value made comes from: its place, or its time. Leave it out if nothing is known. */
  readonly origin?: () => Partial<Trail>;
} & (
  | {
      readonly when: 'at once';
      /** Makes the next value inside its emission. */
      readonly next: () => IteratorResult<T, unknown>;
    }
  | {
      readonly when: 'later';
      /** Makes the next value, or a promise of it, outside all emissions. The emission then owns the value's tensors without an owner. */
      readonly next: () => IteratorResult<T, unknown> | Promise<IteratorResult<T, unknown>>;
    }
);

/** A source yields to the page after running for this many ms. */
const SLICE_MS = 8;

/**
 * Makes a source with back-pressure. It makes a value only when fewer than `inFlight` of its emissions are unfinished, and it regularly
 * yields to the page. It never emits inside `subscribe()`.
 *
 * @param name the source's name, for messages
 * @param open makes the supply for a subscription; its argument `fail` makes the stream fail at once, even if emissions are unfinished;
 *   `noteDrop` tells that a value was dropped
 * @throws when `inFlight` is not a positive integer
 */
export function pulled<T>(
  name: string,
  open: (fail: (error: unknown) => void, noteDrop: () => void) => Supply<T>,
  options: PullOptions = {},
): Observable<T> {
  const { inFlight = 2, scheduler } = options;
  assertPositiveInteger(name, "option 'inFlight'", inFlight, 'infinite too');
  assertScheduler(name, scheduler);
  const observable: Observable<T> = new Observable<T>((subscriber) => {
    opened++;
    const watch = watching.by?.begins({ name, observable, source: null, downstream: subscriber });
    const supply = open(
      (error) => notifyError(subscriber, error),
      () => watch?.drops(),
    );
    const pull = new Pull(name, subscriber, supply, inFlight, scheduler, watch);
    pull.start();
    return pull.stop;
  });
  return observable;
}

let opened = 0;

/** Returns how many times pulling sources have been subscribed to so far. */
export function sourcesOpened(): number {
  return opened;
}

/** One subscription to a pulling source. */
class Pull<T> {
  readonly #nextTurn: NextTurn;
  readonly #now: () => number;
  /** For each unfinished emission, what it waits for. */
  readonly #unfinished = new Set<readonly Wait[]>();
  /** Set while the loop waits for unfinished emissions. It cancels the checks that find out whether the source is stuck. */
  #unblock: (() => void) | null = null;
  #emitting = false;
  /** How many values have been emitted. */
  #emitted = 0;
  #ended = false;
  #supplyClosed = false;
  #sliceStart = 0;
  #cancelTurn: () => void = () => undefined;

  constructor(
    private readonly name: string,
    private readonly subscriber: Subscriber<T>,
    private readonly supply: Supply<T>,
    private readonly inFlight: number,
    private readonly scheduler: SchedulerLike | undefined,
    private readonly watch: Watch | undefined,
  ) {
    this.#nextTurn = nextTurnOf(scheduler);
    this.#now = scheduler ? () => scheduler.now() : () => performance.now();
  }

  start(): void {
    this.#cancelTurn = this.#nextTurn(() => {
      this.#sliceStart = this.#now();
      subscribing(() => this.#loop());
    });
  }

  readonly stop = (): void => {
    this.#cancelTurn();
    this.#unblock?.();
    // During an emission the supply stays open, because subscribers may still read what it would free.
    if (!this.#emitting) this.#closeSupply();
  };

  #isSliceOver(): boolean {
    return this.#now() - this.#sliceStart >= SLICE_MS;
  }

  /** Continues, now or after yielding to the page. */
  #resume(): void {
    if (this.#isSliceOver()) this.start();
    else this.#loop();
  }

  #loop(): void {
    while (!this.subscriber.closed && !this.#ended) {
      if (this.#unfinished.size >= this.inFlight) {
        this.#block();
        return;
      }
      if (this.supply.when === 'at once') this.#emit(this.supply.next);
      else if (!this.#request(this.supply.next)) return;
      if (this.#isSliceOver()) {
        this.start();
        return;
      }
    }
  }

  #block(): void {
    this.watch?.waits(true);
    const calledOff = [
      whenNothingIsLeft(this.#lookWhetherStuck),
      afterLongWait(this.scheduler, this.#lookWhyItWaits),
    ];
    this.#unblock = () => {
      for (const callOff of calledOff) callOff();
    };
  }

  /** Requests a value. Returns false when the loop must stop: the supply failed, or the value comes later and then resumes the loop. */
  #request(next: () => IteratorResult<T, unknown> | Promise<IteratorResult<T, unknown>>): boolean {
    const arrive = (item: IteratorResult<T, unknown>): void => {
      if (this.subscriber.closed) {
        if (!item.done) disposeUnowned(item.value);
        return;
      }
      this.#emit(() => {
        if (!item.done) adoptUnowned(item.value);
        return item;
      });
    };
    const fail = (error: unknown): void => {
      this.#ended = true;
      notifyError(this.subscriber, error);
    };
    let item: IteratorResult<T, unknown> | Promise<IteratorResult<T, unknown>>;
    try {
      item = next();
    } catch (error) {
      fail(error);
      return false;
    }
    if (!isPromise(item)) {
      arrive(item);
      return true;
    }
    void item.then((arrived) => {
      arrive(arrived);
      if (!this.subscriber.closed) this.#resume();
    }, fail);
    return false;
  }

  /** Emits one value, or completes the stream. */
  #emit(make: () => IteratorResult<T, unknown>): void {
    const waits: Wait[] = [];
    let finished: Promise<void> | null = null;
    let index: number | null = null;
    this.#emitting = true;
    const failure = failureIn(
      (work) => {
        finished = trackedEmission(this.name, work, null, waits);
      },
      () => {
        const item = make();
        if (item.done) this.#ended = true;
        else if (!this.subscriber.closed) {
          if (this.supply.origin) noteOrigin(this.supply.origin());
          index = this.#emitted++;
          this.watch?.emits();
          try {
            this.subscriber.next(item.value);
          } finally {
            this.watch?.returns();
          }
        }
      },
    );
    this.#emitting = false;
    if (failure) this.#ended = true;
    const ended = (left: boolean): void => {
      if (index !== null) this.supply.ended?.(index, waits, left);
    };
    if (failure || this.subscriber.closed) ended(true);
    else if (!finished) ended(false);
    if (this.subscriber.closed) this.#closeSupply();
    if (failure) notifyError(this.subscriber, failure.error);
    else if (this.#ended) notifyComplete(this.subscriber);
    else if (finished) this.#track(finished, waits, ended);
  }

  #closeSupply(): void {
    if (this.#supplyClosed) return;
    this.#supplyClosed = true;
    try {
      this.supply.close?.();
    } catch (error) {
      reportUnhandled(error);
    }
  }

  #track(finished: Promise<void>, waits: readonly Wait[], ended: (left: boolean) => void): void {
    this.#unfinished.add(waits);
    void finished.then(() => {
      this.#unfinished.delete(waits);
      if (!this.#supplyClosed) ended(false);
      if (!this.#unblock || this.subscriber.closed) return;
      this.#unblock();
      this.#unblock = null;
      this.watch?.waits(false);
      this.#resume();
    });
  }

  /** Runs when the event loop has nothing left to run: emissions still unfinished can never finish, and the program would end silently. */
  readonly #lookWhetherStuck = (): void => {
    void errorOfStuck(this.name, this.inFlight, [...this.#unfinished]).then((error) => {
      if (error && this.#unblock && !this.subscriber.closed) notifyError(this.subscriber, error);
    });
  };

  /** Runs when the source has waited for long. It serves pages, whose event loop never reports that it has nothing left to run. */
  readonly #lookWhyItWaits = (): void => {
    void warningOfStuck(this.name, this.inFlight, [...this.#unfinished], LONG_WAIT_SECONDS).then(
      (warning) => {
        if (warning && this.#unblock && !this.subscriber.closed) warnOnce(warning);
      },
    );
  };
}
