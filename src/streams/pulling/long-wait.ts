import type { SchedulerLike } from 'rxjs';

interface TimerOfNode {
  readonly unref?: () => unknown;
}

/** A source warns when it has waited for this many seconds. */
export const LONG_WAIT_SECONDS = 10;

/**
 * Calls `tell` after {@link LONG_WAIT_SECONDS}, measured by the scheduler if one is given. The timer does not keep a Node process alive.
 *
 * @returns a function that cancels the call
 */
export function afterLongWait(scheduler: SchedulerLike | undefined, tell: () => void): () => void {
  const milliseconds = LONG_WAIT_SECONDS * 1000;
  if (!scheduler) {
    const timer: unknown = setTimeout(tell, milliseconds);
    (timer as TimerOfNode).unref?.();
    return () => clearTimeout(timer as number);
  }
  const action = scheduler.schedule(tell, milliseconds);
  // In RxJS's own schedulers, `id` is the handle of the action's timer.
  (action as { readonly id?: TimerOfNode }).id?.unref?.();
  return () => action.unsubscribe();
}
