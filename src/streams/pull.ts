import { Observable, type SchedulerLike, type Subscriber } from 'rxjs';
import { isPromise } from '../tensor/container';
import { trackedEmission } from './emission';
import { adoptUnowned } from './unowned';
import { nextTurnOf } from './turn';

/** How a source that pulls its values paces itself. */
export interface PullOptions {
  /** It makes the next value when fewer than so many of its emissions are unfinished. 2 when left out. */
  readonly inFlight?: number;
  /** Leaves the page its turn, and tells the time: for tests on virtual time, and for Angular's zone. The event loop when left out. */
  readonly scheduler?: SchedulerLike;
}

/** What a pulled source gets its values from: one for each subscription. */
export interface Supply<T> {
  /** The next value; a promise where it has to be waited for. Called inside of the emission when it is no promise. */
  readonly next: () => IteratorResult<T, unknown> | Promise<IteratorResult<T, unknown>>;
  /** Called once, when nothing more is wanted. */
  readonly close?: () => void;
}

/** The page gets its turn when a source has kept the thread for so long. */
const SLICE_MS = 8;

/**
 * A source with back-pressure: it makes a value only when fewer than `inFlight` of its emissions are unfinished and the page has had its
 * turn. It never emits while it is being subscribed to.
 *
 * @param name for messages
 * @throws when `inFlight` is no positive integer
 */
export function pulled<T>(name: string, open: () => Supply<T>, options: PullOptions = {}): Observable<T> {
  const { inFlight = 2, scheduler } = options;
  if (!Number.isInteger(inFlight) || inFlight < 1) {
    throw new Error(`${name}: option 'inFlight' is ${inFlight}; wanted a positive integer`);
  }
  return new Observable<T>((subscriber) => drive(name, subscriber, open(), inFlight, scheduler));
}

function drive<T>(
  name: string,
  subscriber: Subscriber<T>,
  supply: Supply<T>,
  inFlight: number,
  scheduler: SchedulerLike | undefined,
): () => void {
  const nextTurn = nextTurnOf(scheduler);
  const now = (): number => (scheduler ? scheduler.now() : performance.now());
  let unfinished = 0;
  let blocked = false;
  let ended = false;
  let sliceStart = 0;
  let cancel: () => void = () => undefined;

  const later = (): void => {
    cancel = nextTurn(() => {
      sliceStart = now();
      loop();
    });
  };
  const resume = (): void => {
    if (now() - sliceStart < SLICE_MS) loop();
    else later();
  };
  const finish = (): void => {
    unfinished--;
    if (!blocked || subscriber.closed) return;
    blocked = false;
    resume();
  };
  const fail = (error: unknown): void => {
    ended = true;
    subscriber.error(error);
  };

  /** One value; false where the loop has to stop for now. */
  const step = (): boolean => {
    let waiting: Promise<IteratorResult<T, unknown>> | null = null;
    let failure: { error: unknown } | null = null;
    const finished = trackedEmission(name, () => {
      try {
        const item = supply.next();
        if (isPromise(item)) waiting = item;
        else if (item.done) ended = true;
        else subscriber.next(item.value);
      } catch (error) {
        failure = { error };
      }
    });
    if (failure) {
      fail((failure as { error: unknown }).error);
    } else if (ended) {
      subscriber.complete();
    } else if (waiting) {
      void (waiting as Promise<IteratorResult<T, unknown>>).then(arrive, fail);
    } else {
      track(finished);
      return true;
    }
    return false;
  };
  /** A value that had to be waited for. */
  const arrive = (item: IteratorResult<T, unknown>): void => {
    if (subscriber.closed) return;
    if (item.done) {
      ended = true;
      subscriber.complete();
      return;
    }
    track(
      trackedEmission(name, () => {
        adoptUnowned(item.value);
        subscriber.next(item.value);
      }),
    );
    resume();
  };
  const track = (finished: Promise<void> | null): void => {
    if (!finished) return;
    unfinished++;
    void finished.then(finish);
  };
  const loop = (): void => {
    while (!subscriber.closed && !ended) {
      if (unfinished >= inFlight) {
        blocked = true;
        return;
      }
      if (!step()) return;
      if (now() - sliceStart >= SLICE_MS) {
        later();
        return;
      }
    }
  };

  later();
  return () => {
    cancel();
    supply.close?.();
  };
}
