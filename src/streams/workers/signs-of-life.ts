import type { SchedulerLike, Subscription } from 'rxjs';

/** Notices that a worker has ended: a page gets no event when a worker closes itself or is terminated. */
export interface SignsOfLife {
  /** To be called when a message of the worker comes. */
  readonly heard: () => void;
  /** To be called when the worker serves: from now on it can answer a ping. */
  readonly begun: () => void;
  readonly stop: () => void;
}

export interface Watch {
  /** For how many ms the worker may be silent; Infinity: for ever. */
  readonly timeout: number;
  readonly scheduler: SchedulerLike;
  /** Asks the worker for an answer. */
  readonly ping: () => void;
  /** Called when the worker has not begun to serve in time. */
  readonly neverBegan: () => void;
  /** Called when the worker has not answered in time. */
  readonly silent: () => void;
}

/** The number of parts of the timeout; silence is checked after each part. */
const PARTS = 2;

/** Pings a worker that has been silent for one part of the timeout; it then has the whole timeout to answer. */
export function signsOfLife({ timeout, scheduler, ping, neverBegan, silent }: Watch): SignsOfLife {
  let silentParts = 0;
  let waiting: Subscription | undefined;
  const wait = (milliseconds: number, work: () => void): void => {
    waiting?.unsubscribe();
    waiting = scheduler.schedule(work, milliseconds);
  };
  /** Waits one more turn: messages that came while this thread was busy may still be undelivered. */
  const unlessHeardNow = (fail: () => void): void => {
    wait(0, () => {
      if (silentParts > 0) fail();
      else look();
    });
  };
  const look = (): void => {
    wait(timeout / PARTS, () => {
      silentParts++;
      if (silentParts === 1) ping();
      if (silentParts > PARTS) unlessHeardNow(silent);
      else look();
    });
  };
  if (timeout !== Infinity) {
    wait(timeout, () => {
      silentParts = 1;
      unlessHeardNow(neverBegan);
    });
  }
  return {
    heard: () => {
      silentParts = 0;
    },
    begun: () => {
      if (timeout !== Infinity) look();
    },
    stop: () => waiting?.unsubscribe(),
  };
}
