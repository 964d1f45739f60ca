import { VirtualTimeScheduler } from 'rxjs';
import { nextTurnOf } from '../streams/turn';

/** Virtual time that goes on for longer than this has a stream in it that never ends. */
const LONGEST_MS = 3_600_000;

const nextTurn = nextTurnOf(undefined);

/** A turn of the event loop: every promise that can settle by itself, and all that waits for it, has had its way. */
function promisesSettled(): Promise<void> {
  return new Promise((resolve) => void nextTurn(resolve));
}

/**
 * Lets virtual time pass as real time does, with promises in between. A `VirtualTimeScheduler` runs all its actions in one go, before
 * any promise settles; here it runs those of one instant, and the event loop has a turn before the next instant is taken up. So what a
 * promise schedules is still to come when it does, and no more is read of the real clock than the order of things.
 *
 * @param milliseconds of virtual time; until nothing is scheduled any more when left out
 * @throws when an hour has passed and there is no end
 */
export async function passTime(
  caller: string,
  scheduler: VirtualTimeScheduler,
  milliseconds?: number,
): Promise<void> {
  const start = scheduler.frame;
  const end = start + (milliseconds ?? LONGEST_MS);
  const before = scheduler.maxFrames;
  try {
    await promisesSettled();
    for (let next = nextInstant(scheduler); next <= end; next = nextInstant(scheduler)) {
      scheduler.maxFrames = next;
      // A TestScheduler's own flush would check expectations now; this is the clock alone.
      VirtualTimeScheduler.prototype.flush.call(scheduler);
      await promisesSettled();
    }
  } finally {
    scheduler.maxFrames = before;
  }
  if (milliseconds !== undefined) scheduler.frame = end;
  else if (nextInstant(scheduler) !== Infinity) {
    throw new Error(
      `${caller}: something is still scheduled after an hour of virtual time; wanted a stream that ends. End it with take or with ` +
        'an unsubscription, or let only some milliseconds pass',
    );
  }
}

/** When the next action is due; Infinity where there is none. */
function nextInstant(scheduler: VirtualTimeScheduler): number {
  return scheduler.actions[0]?.delay ?? Infinity;
}
