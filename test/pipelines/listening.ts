/** Subscribes to a stream as a scenario says, and tells what came. */
import type { Observable, SchedulerLike } from 'rxjs';
import type { Scenario, Subscriber } from './description';
import type { Timing } from './timing';

/** Whoever is still subscribed then leaves. */
const END = 60;

/** What a subscriber saw. */
export interface Seen {
  readonly values: number[];
  /** Its completion, the message of its error, or nothing. */
  ending: string;
}

/** Schedules all that the subscribers do; what they see is there when virtual time has run out. */
export function listen<V>(
  stream: Observable<V>,
  { subscribers }: Scenario,
  timing: Timing,
  scheduler: SchedulerLike,
  read: (value: V) => number,
): Seen[] {
  return subscribers.map((subscriber) => {
    const seen: Seen = { values: [], ending: 'none' };
    scheduler.schedule(
      () => subscribe(stream, subscriber, seen, timing, scheduler, read),
      timing.exact(subscriber, 'at'),
    );
    return seen;
  });
}

function subscribe<V>(
  stream: Observable<V>,
  { leaving }: Subscriber,
  seen: Seen,
  timing: Timing,
  scheduler: SchedulerLike,
  read: (value: V) => number,
): void {
  const subscription = stream.subscribe({
    next: (value) => {
      if (leaving.leaves === 'inside next' && seen.values.length + 1 === leaving.count) subscription.unsubscribe();
      try {
        seen.values.push(read(value));
      } catch (error) {
        seen.ending = `could not read: ${String(error)}`;
      }
    },
    error: (error: unknown) => (seen.ending = `error: ${error instanceof Error ? error.message : String(error)}`),
    complete: () => (seen.ending = 'complete'),
  });
  const time = leaving.leaves === 'after' ? timing.exact(leaving, 'time') : END - scheduler.now();
  scheduler.schedule(() => subscription.unsubscribe(), time);
}
