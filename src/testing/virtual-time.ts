import type { VirtualTimeScheduler } from 'rxjs';
import { nextTurnOf } from '../streams/pulling/turn';

/** Virtual time that goes on for longer than this has a stream in it that never ends. */
const LONGEST_MS = 3_600_000;

/** Turns of the event loop: in one, every promise that can settle by itself, and all that waits for it, has its way. */
interface EventLoop {
  readonly turn: () => Promise<void>;
  readonly close: () => void;
}

/** In a browser one channel serves all turns: to open one for each, as a source does for its few, takes four times as long. */
function eventLoop(): EventLoop {
  if ('setImmediate' in globalThis || typeof MessageChannel !== 'function') {
    const nextTurn = nextTurnOf(undefined);
    return { turn: () => new Promise((resolve) => void nextTurn(resolve)), close: () => undefined };
  }
  const { port1, port2 } = new MessageChannel();
  const turn = (): Promise<void> =>
    new Promise((resolve) => {
      port1.onmessage = () => resolve();
      port2.postMessage(null);
    });
  return { turn, close: () => port1.close() };
}

interface Passing {
  /** Of virtual time; until nothing is scheduled any more when left out. */
  readonly milliseconds?: number | undefined;
  /** Called after each action, when promises have settled. */
  readonly afterEach?: () => void;
}

/**
 * Lets virtual time pass as real time does, with promises in between. A `VirtualTimeScheduler` runs all its actions in one go, before
 * any promise settles; here the event loop has a turn after each of them, as it has between timers. So what a promise schedules is still
 * to come when it does, and no more is read of the real clock than the order of things.
 *
 * @throws when an hour has passed and there is no end
 */
export async function passTime(
  caller: string,
  scheduler: VirtualTimeScheduler,
  { milliseconds, afterEach }: Passing = {},
): Promise<void> {
  const end = scheduler.frame + (milliseconds ?? LONGEST_MS);
  const { turn, close } = eventLoop();
  try {
    await turn();
    while (nextInstant(scheduler) <= end) {
      runNext(scheduler);
      await turn();
      afterEach?.();
    }
  } finally {
    close();
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
function nextInstant({ actions }: VirtualTimeScheduler): number {
  return actions[0]?.delay ?? Infinity;
}

/** What the scheduler's flush does for all of its actions. */
function runNext(scheduler: VirtualTimeScheduler): void {
  const action = scheduler.actions.shift()!;
  scheduler.frame = action.delay;
  const error: unknown = action.execute(action.state, action.delay);
  if (error) throw error as Error;
}
