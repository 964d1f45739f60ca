import type { SchedulerLike } from 'rxjs';
import { nextTurnOf } from './turn';

/** The milliseconds after which work yields to the page. */
const SLICE_MS = 8;

/** Makes a function that long work calls now and then: it waits for the next turn of the event loop if the last one was some milliseconds ago. */
export function breather(scheduler: SchedulerLike | undefined): () => Promise<void> | undefined {
  const nextTurn = nextTurnOf(scheduler);
  const now = scheduler ? () => scheduler.now() : () => performance.now();
  let sliceStart = now();
  return () => {
    if (now() - sliceStart < SLICE_MS) return undefined;
    return new Promise<void>((resolve) => nextTurn(resolve)).then(() => {
      sliceStart = now();
    });
  };
}
