/** Subscribes to a stream as a scenario says, and tells what came. */
import { Subject, takeUntil, type Observable, type SchedulerLike } from 'rxjs';
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
  const left = new Subject<void>();
  let isThere = true;
  const leave = (): void => {
    isThere = false;
    left.next();
  };
  const end = (ending: string): void => {
    if (isThere) seen.ending = ending;
  };
  // Not by a subscription, which is not there yet while a source emits as it is subscribed to.
  stream.pipe(takeUntil(left)).subscribe({
    next: (value) => {
      if (leaving.leaves === 'inside next' && seen.values.length + 1 === leaving.count) leave();
      try {
        seen.values.push(read(value));
      } catch (error) {
        seen.ending = `could not read: ${String(error)}`;
      }
    },
    error: (error: unknown) => end(`error: ${error instanceof Error ? error.message : String(error)}`),
    complete: () => end('complete'),
  });
  const time = leaving.leaves === 'after' ? timing.exact(leaving, 'time') : END - scheduler.now();
  scheduler.schedule(leave, time);
}
