import type { SchedulerLike } from 'rxjs';

interface TimerOfNode {
  readonly unref?: () => unknown;
}

/** After so long a source that waits says what for. */
export const LONG_WAIT_SECONDS = 10;

/**
 * Calls `tell` when so much time has passed, by the clock of a scheduler where there is one. Such a timer does not keep a process of Node
 * alive.
 *
 * @returns what calls it off
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
