/** What the operators that await promises do, with plain values on virtual time. */
import type { OperatorFunction, SchedulerLike } from 'rxjs';
import { plainOperator } from './plain-operator';

export interface Awaiting<T, R> {
  readonly scheduler: SchedulerLike;
  /** How long each value takes. */
  readonly time: number;
  readonly project: (value: T) => R;
  /** Told how many more values wait to be begun, and how many more are under way; these go on when nobody listens any more. */
  readonly onWaiting?: (change: number) => void;
  readonly onRunning?: (change: number) => void;
}

/** Emits in order; the end waits for what came before it. */
export function inOrder<T, R>(concurrency: number, awaiting: Awaiting<T, R>): OperatorFunction<T, R> {
  const { scheduler, time, project, onWaiting, onRunning } = awaiting;
  return plainOperator((subscriber) => {
    const waiting: T[] = [];
    let running = 0;
    let end: (() => void) | null = null;
    const begin = (): void => {
      while (running < concurrency && waiting.length > 0) {
        const value = waiting.shift()!;
        onWaiting?.(-1);
        running++;
        onRunning?.(1);
        scheduler.schedule(() => finish(value), time);
      }
    };
    const finish = (value: T): void => {
      running--;
      onRunning?.(-1);
      if (subscriber.closed) return;
      // The next one begins as this one settles, which is before anybody hears of it.
      begin();
      subscriber.next(project(value));
      if (running === 0 && end) queueMicrotask(end);
    };
    // The end comes by a promise, also where nothing is under way.
    const endWith = (notify: () => void): void => {
      if (running === 0) queueMicrotask(notify);
      else end = notify;
    };
    subscriber.add(() => onWaiting?.(-waiting.splice(0).length));
    return {
      next: (value) => {
        waiting.push(value);
        onWaiting?.(1);
        begin();
      },
      error: (error) => endWith(() => subscriber.error(error)),
      complete: () => endWith(() => subscriber.complete()),
    };
  });
}

/** As `latest` above a projection that takes its time: while one is under way only the newest waits. */
export function newest<T, R>(awaiting: Awaiting<T, R>): OperatorFunction<T, R> {
  const { scheduler, time, project, onWaiting, onRunning } = awaiting;
  return plainOperator((subscriber) => {
    let isBusy = false;
    let next: { readonly value: T } | null = null;
    let end: (() => void) | null = null;
    const drop = (): void => {
      if (next) onWaiting?.(-1);
      next = null;
    };
    const begin = (value: T): void => {
      isBusy = true;
      onRunning?.(1);
      scheduler.schedule(() => finish(value), time);
    };
    const finish = (value: T): void => {
      onRunning?.(-1);
      if (subscriber.closed) return;
      subscriber.next(project(value));
      isBusy = false;
      if (subscriber.closed) return;
      const following = next;
      drop();
      if (following) begin(following.value);
      else if (end) queueMicrotask(end);
    };
    const endWith = (notify: () => void): void => {
      if (isBusy) end = notify;
      else queueMicrotask(notify);
    };
    subscriber.add(drop);
    return {
      next: (value) => {
        if (!isBusy) {
          begin(value);
          return;
        }
        drop();
        next = { value };
        onWaiting?.(1);
      },
      // It waits for what is under way, not for what has not begun.
      error: (error) => {
        drop();
        endWith(() => subscriber.error(error));
      },
      complete: () => endWith(() => subscriber.complete()),
    };
  });
}
