import type { SchedulerLike, Subscription } from 'rxjs';

/** Notices that a worker has ended without a word: a page is not told when one closes itself, or is terminated. */
export interface SignsOfLife {
  /** The worker has said something. */
  readonly heard: () => void;
  /** It serves: from now on it may be asked whether it is there. */
  readonly begun: () => void;
  readonly stop: () => void;
}

export interface Watch {
  /** For how many ms the worker may say nothing; Infinity: for ever. */
  readonly timeout: number;
  readonly scheduler: SchedulerLike;
  /** Asks the worker to answer. */
  readonly ping: () => void;
  /** It has not said that it serves. */
  readonly neverBegan: () => void;
  /** It has not answered. */
  readonly silent: () => void;
}

/** In how many parts of the timeout it is looked whether something was heard. */
const PARTS = 2;

/** A worker that has said nothing for a part of the timeout is asked, and has all of it to answer. */
export function signsOfLife({ timeout, scheduler, ping, neverBegan, silent }: Watch): SignsOfLife {
  let silentParts = 0;
  let waiting: Subscription | undefined;
  const wait = (milliseconds: number, work: () => void): void => {
    waiting?.unsubscribe();
    waiting = scheduler.schedule(work, milliseconds);
  };
  /** What came while this thread was busy may still wait to be heard: it has one more turn. */
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
