import type { SchedulerLike } from 'rxjs';

/** Runs `work` in a later turn of the event loop, so that the page can paint and handle events first. Returns a function that cancels it. */
export type NextTurn = (work: () => void) => () => void;

/**
 * Returns the function with which a source yields to the page. Every turn begins with a macrotask; if a scheduler is given, it then runs the work.
 * A scheduler alone need not yield: `asapScheduler` runs work in a microtask and `queueScheduler` at once, so that no timer, event or paint
 * would come in between. A scheduler of virtual time decides alone, since a test lets its time pass.
 */
export function nextTurnOf(scheduler: SchedulerLike | undefined): NextTurn {
  if (!scheduler) return macrotask;
  const scheduled: NextTurn = (work) => {
    const action = scheduler.schedule(work);
    return () => action.unsubscribe();
  };
  // What RxJS's VirtualTimeScheduler counts.
  if ('frame' in scheduler) return scheduled;
  return (work) => {
    let cancel = macrotask(() => {
      cancel = scheduled(work);
    });
    return () => cancel();
  };
}

interface NodeGlobals {
  setImmediate?: (work: () => void) => unknown;
  clearImmediate?: (handle: unknown) => void;
}

/**
 * Schedules a macrotask. A promise callback would run before the page can paint or handle a click. setTimeout is the last choice, because
 * browsers delay nested calls by at least 4 ms, and by a second in a background tab.
 */
function macrotask(work: () => void): () => void {
  const { setImmediate, clearImmediate } = globalThis as NodeGlobals;
  if (setImmediate && clearImmediate) {
    const handle = setImmediate(work);
    return () => clearImmediate(handle);
  }
  if (typeof MessageChannel === 'function') {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      work();
    };
    port2.postMessage(null);
    return () => {
      // Firefox delivers what was posted before a port is closed.
      port1.onmessage = null;
      port1.close();
    };
  }
  const handle = setTimeout(work);
  return () => clearTimeout(handle);
}
