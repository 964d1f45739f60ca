import type { SchedulerLike } from 'rxjs';
import { nextTurnOf } from '../streams/pulling/turn';

/** Notices that a worker has ended. This is necessary because a page gets no event when a worker closes itself or is terminated. */
export interface SignsOfLife {
  /** Call this when a message comes from the worker. */
  readonly heard: () => void;
  /** Call this when the worker has called `serve`: from then on it can answer a ping. */
  readonly begun: () => void;
  /** Stops watching. */
  readonly stop: () => void;
}

/** How to watch a worker. */
export interface Watch {
  /** How many ms the worker has to call `serve`, and later to answer a ping. Infinity turns the watch off. */
  readonly timeout: number;
  readonly scheduler: SchedulerLike;
  /** Sends the worker a ping, which it must answer. */
  readonly ping: () => void;
  /** Called when the worker has not called `serve` in time. */
  readonly neverBegan: () => void;
  /** Called when the worker has not answered in time. */
  readonly silent: () => void;
}

/** The timeout is divided into this many parts. After each part, the watch checks whether the worker was silent. */
const PARTS = 2;

/** Watches a worker. It pings a worker that was silent for one part of the timeout; the worker then has the whole timeout to answer. */
export function signsOfLife({ timeout, scheduler, ping, neverBegan, silent }: Watch): SignsOfLife {
  let silentParts = 0;
  let cancel = (): void => undefined;
  const nextTurn = nextTurnOf(scheduler);
  const wait = (milliseconds: number, work: () => void): void => {
    cancel();
    const action = scheduler.schedule(work, milliseconds);
    cancel = () => action.unsubscribe();
  };
  /** Fails one turn later, unless a message comes. Messages may not have been delivered yet if this thread was busy. */
  const unlessHeardNow = (fail: () => void): void => {
    cancel = nextTurn(() => {
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
    stop: () => cancel(),
  };
}
