import type { SchedulerLike } from 'rxjs';

/** Runs `work` in a later turn of the event loop, after the page has had its own; the result cancels it. */
export type NextTurn = (work: () => void) => () => void;

/** How a source leaves the page its turn: through a scheduler where it is given one. */
export function nextTurnOf(scheduler: SchedulerLike | undefined): NextTurn {
  if (!scheduler) return macrotask;
  return (work) => {
    const action = scheduler.schedule(work);
    return () => action.unsubscribe();
  };
}

interface NodeGlobals {
  setImmediate?: (work: () => void) => unknown;
  clearImmediate?: (handle: unknown) => void;
}

/**
 * A macrotask: promises would run before the page gets to paint or to handle a click. setTimeout is the last choice, since nested calls
 * of it are slowed to 4 ms, and to a second in a background tab.
 */
function macrotask(work: () => void): () => void {
  const { setImmediate, clearImmediate } = globalThis as NodeGlobals;
  if (setImmediate && clearImmediate) {
    const handle = setImmediate(work);
    return () => clearImmediate(handle);
  }
  if (typeof MessageChannel === 'function') {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      work();
    };
    channel.port2.postMessage(null);
    return () => channel.port1.close();
  }
  const handle = setTimeout(work);
  return () => clearTimeout(handle);
}
