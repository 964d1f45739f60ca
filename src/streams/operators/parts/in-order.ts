import type { Output } from '../../operator';

/** A queue of tasks. Each task begins when the task before it has ended. */
export interface InOrder {
  /** Adds a task. The promise resolves when the task has ended. If the task throws, the error becomes an error notification. */
  readonly add: (work: () => void | Promise<void>) => Promise<void>;
  /** Whether all added tasks have ended. */
  readonly isIdle: () => boolean;
}

/**
 * Makes a queue for an operator that goes on working after `next` has returned. When the subscription has ended, further tasks are skipped.
 *
 * @param output receives errors, and says whether the subscription is open
 * @param start a promise; the first task begins when it has resolved
 */
export function inOrderFor(
  { isOpen, error: fail }: Pick<Output<never>, 'isOpen' | 'error'>,
  start: Promise<void> = Promise.resolve(),
): InOrder {
  let tail = start;
  let unfinished = 0;
  const run = async (work: () => void | Promise<void>): Promise<void> => {
    try {
      if (isOpen()) await work();
    } catch (error) {
      if (isOpen()) fail(error);
    } finally {
      unfinished--;
    }
  };
  return {
    add: (work) => {
      unfinished++;
      tail = tail.then(() => run(work));
      return tail;
    },
    isIdle: () => unfinished === 0,
  };
}
