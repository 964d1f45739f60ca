/** Subscribes to a stream as a scenario says, and tells what came. */
import { Subject, takeUntil, type SchedulerLike } from 'rxjs';
import { modulo } from './algebra';
import type { Scenario, Subscriber } from './description';
import type { Fed } from './feeding';
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
  stream: Fed<V>,
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
  stream: Fed<V>,
  { leaving, feeds }: Subscriber,
  seen: Seen,
  timing: Timing,
  scheduler: SchedulerLike,
  read: (value: V) => number,
): void {
  const left = new Subject<void>();
  const back = feeds > 0 ? new Subject<number>() : null;
  let isThere = true;
  let toFeed = feeds;
  const leave = (): void => {
    isThere = false;
    left.next();
  };
  const end = (ending: string): void => {
    if (isThere) seen.ending = ending;
  };
  /** What it sees from when it has decided to leave does not count. */
  const decide = (): void => {
    isThere = false;
    if (leaving.leaves === 'inside next') left.next();
    if (leaving.leaves === 'in a promise') void Promise.resolve().then(() => left.next());
    if (leaving.leaves === 'later') scheduler.schedule(leave, timing.exact(leaving, 'time'));
  };
  // Not by a subscription, which is not there yet while a source emits as it is subscribed to.
  stream(back)
    .pipe(takeUntil(left))
    .subscribe({
      next: (value) => {
        if (!isThere) return;
        if ('count' in leaving && seen.values.length + 1 === leaving.count) decide();
        try {
          const number = read(value);
          seen.values.push(number);
          if (isThere && toFeed-- > 0) back!.next(modulo(number + 1));
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
