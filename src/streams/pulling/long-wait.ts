import type { SchedulerLike } from 'rxjs';

interface TimerOfNode {
  readonly unref?: () => unknown;
}

/** The seconds after which a source that waits warns of it. */
export const LONG_WAIT_SECONDS = 10;

/**
 * Calls `tell` after that time, by the scheduler's clock if one is given. The timer does not keep a Node process alive.
 *
 * @returns a function that cancels it
 */
export function afterLongWait(scheduler: SchedulerLike | undefined, tell: () => void): () => void {
  const milliseconds = LONG_WAIT_SECONDS * 1000;
  if (!scheduler) {
    const timer: unknown = setTimeout(tell, milliseconds);
    (timer as TimerOfNode).unref?.();
    return () => clearTimeout(timer as number);
  }
  const action = scheduler.schedule(tell, milliseconds);
  // An action of RxJS's own schedulers has the handle of its timer.
  (action as { readonly id?: TimerOfNode }).id?.unref?.();
  return () => action.unsubscribe();
}
